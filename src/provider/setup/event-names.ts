import { checkOption, FUNCTION, OBJECT } from '../../check-options.js'
import { SetupError } from '../../setup-error.js'
import { didYouMean } from '../../suggest.js'
import { EVENTS } from './event-table.js'
import { listenersOf, needsTransaction } from './listeners.js'
import type { ScimRouterOptions } from './options.js'
import type { ResourceType } from './resource-type.js'

/** Checks the names of the hooks: without it, a misspelt hook would silently never be called. */
export function checkHooks({ on = [], transaction }: ScimRouterOptions, types: readonly ResourceType[]): void {
  if (transaction === undefined && needsTransaction(on)) {
    throw new SetupError(
      'ERR_SCIM_OPTION',
      'Option transaction is missing: a listener in option on writes in the transactions of the router.',
    )
  }
  const known = new Set(['request', 'error', 'change', 'exchange', ...types.flatMap(eventNames)])
  for (const [index, listener] of listenersOf(on).entries()) {
    const place = Array.isArray(on) ? `on[${index}]` : 'on'
    checkOption(listener, OBJECT, { owner: 'scimRouter', code: 'ERR_SCIM_OPTION', path: place })
    for (const [name, hook] of Object.entries(listener)) {
      if (!known.has(name)) {
        throw new SetupError('ERR_SCIM_OPTION', `Unknown event "${name}" in option ${place}.${didYouMean(name, known)}`)
      }
      checkOption(hook, FUNCTION, { owner: 'scimRouter', code: 'ERR_SCIM_OPTION', path: `${place}["${name}"]` })
    }
  }
}

function eventNames({ name, roles }: ResourceType): readonly string[] {
  return Object.entries(EVENTS)
    .filter(([, { role }]) => role === undefined || roles[role].length > 0)
    .map(([kind]) => `${camelCase(name)}.${kind}`)
}

/** How events call a resource type: `user`. */
export function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
