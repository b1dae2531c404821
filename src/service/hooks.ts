import type { EventHooks } from '../index.js'
import type { ScimServiceOptions } from './options.js'

/** Hooks for connections, and those for the router. */
export function apart(on: NonNullable<ScimServiceOptions['on']>): readonly [object, EventHooks] {
  const isOfConnections = ([name]: readonly [string, unknown]): boolean =>
    /^(?:connection|credential|invitation)\./.test(name)
  const hooks = Object.entries(on)
  return [
    Object.fromEntries(hooks.filter(isOfConnections)),
    Object.fromEntries(hooks.filter((hook) => !isOfConnections(hook))),
  ]
}
