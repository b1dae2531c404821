import type { ConnectionsOptions } from '../connections/index.js'
import { type EventHooks, type ScimRouterOptions, SetupError } from '../index.js'
import type { AuditTrailOptions, JournalOptions } from '../journal/index.js'
import type { PagesOptions } from '../pages/index.js'
import { cursorSecrets } from './cursor-secrets.js'
import { apart } from './hooks.js'
import type { ScimServiceOptions } from './options.js'

/** The options of each part of a service, without the other parts. */
export interface OptionsOfParts {
  readonly connections: ConnectionsOptions
  readonly log: JournalOptions
  readonly trail: AuditTrailOptions
  readonly router: Omit<ScimRouterOptions, 'authenticate' | 'on'>
  /** The hooks of the host for the router. */
  readonly hooks: EventHooks
  readonly pages: Omit<PagesOptions, 'scim' | 'connections' | 'log' | 'trail'>
}

/**
 * Gives each part its options. Throws a {@link SetupError} if there is no place for people and groups; the parts check
 * all else.
 */
export function optionsOfParts(options: ScimServiceOptions): OptionsOfParts {
  const { store, resources = store?.resources, on = {}, onError, ids, strict, router, ...others } = options
  const { product, confirm, people, guides, colours, texts, frameAncestors, ...ofConnections } = others
  if (resources === undefined) {
    throw new SetupError('ERR_SCIM_OPTION', 'Option resources of scimService is missing, and its store has none.')
  }
  const { secret, url, credentials } = ofConnections
  const error = (cause: unknown): void =>
    onError?.(cause instanceof Error ? cause : new Error('A part has failed.', { cause }))
  const [onConnections, hooks] = apart(on)
  return {
    connections: { ...ofConnections, store: store.connections, on: { ...onConnections, error } },
    log: { store: store.log, secret, ...given({ ids }), onError: error },
    trail: { store: store.audit, secret, ...given({ strict }) },
    hooks,
    router: {
      cursor: { secrets: cursorSecrets(secret) },
      ...given({ transaction: store.transaction }),
      ...router,
      resources,
    },
    pages: {
      url,
      product,
      ...given({ credentials, confirm, people, guides, colours, texts, frameAncestors }),
      on: { error },
    },
  }
}

/** The options that the host has given: a part takes `undefined` for a value. */
function given<Options extends object>(options: Options): GivenOptions<Options> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as GivenOptions<Options>
}

type GivenOptions<Options> = { [Name in keyof Options]?: NonNullable<Options[Name]> }
