import { SetupError } from '../error.js'

/**
 * The parameters of a mount path that has none. Inside a Router without mergeParams they are lost, and an application
 * that finds its tenant by them would answer 401 to everyone without a hint: the first look at one is told as a warning.
 */
export function missingParams(): Readonly<Record<string, string>> {
  let told = false
  return new Proxy(Object.freeze({}) as Readonly<Record<string, string>>, {
    get(target, name) {
      if (typeof name === 'string' && name !== 'toJSON' && !told) {
        told = true
        const sentence = `params.${name} was asked for, and the mount path has no parameters; a Router around scimRouter needs mergeParams.`
        process.emitWarning(new SetupError('ERR_SCIM_PARAMS', sentence).message, { code: 'ERR_SCIM_PARAMS' })
      }
      return Reflect.get(target, name)
    },
  })
}
