import { SetupError } from '../setup-error.js'

type Params = Readonly<Record<string, string>>

/** The parameters of a mount path that has none. */
export const NO_PARAMS: Params = Object.freeze({})

// `await`, JSON.stringify and test frameworks read these names of any object, and others that begin as MARKS do.
const NO_PARAMETERS: ReadonlySet<PropertyKey> = new Set([
  ...['then', 'toJSON', 'asymmetricMatch', 'nodeType', 'tagName', 'hasAttribute', '_isMockFunction'],
  ...Object.getOwnPropertyNames(Object.prototype),
])
const MARKS = ['@@', '$$'] as const

/**
 * The parameters of a mount path, as the host gives them. Reading a missing parameter throws a {@link SetupError}:
 * an `authenticate` that compares undefined with undefined would let everybody in. Inside a Router without mergeParams
 * they are all lost. `'org' in params` does not throw.
 */
export function mountParams(given: Params): Params {
  return new Proxy(given, HANDLER)
}

const HANDLER: ProxyHandler<Params> = Object.freeze({
  get(params: Params, name: PropertyKey): unknown {
    const value: unknown = Reflect.get(params, name)
    // Express 4 has the parameters of a path that was not taken as undefined.
    if (value === undefined && typeof name === 'string' && isParameter(name)) {
      throw new SetupError(
        'ERR_SCIM_PARAMS',
        `The mount path has no parameter "${name}". Mount the router at a path with ":${name}"; a Router around it must have mergeParams: true.`,
      )
    }
    return value
  },
})

/** Express calls the groups of a regular expression "0", "1" and so on, and lets names have any letters. */
function isParameter(name: string): boolean {
  return !NO_PARAMETERS.has(name) && !MARKS.some((mark) => name.startsWith(mark))
}
