import type { Context } from '../request/context.js'

/** Whether there is a rule for the writes of a request. */
export function hasRule({ auth, provider }: Context): boolean {
  return provider.options.validate !== undefined || auth.validate !== undefined
}
