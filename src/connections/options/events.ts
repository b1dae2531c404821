interface EventRow {
  /** When it is emitted. */
  readonly when: string
  /** Its members besides those that each event has: `name`, `tenant`, `connection`, `by` and `time`. */
  readonly carries: readonly EventMember[]
}

/** A member of events that not every event has. */
type EventMember = 'credential' | 'expires' | 'changed'

/** The events of connections. The names of the hooks and the table in docs/connections.md are made from it. */
export const CONNECTION_EVENTS = Object.freeze({
  'connection.created': { when: 'A connection was made.', carries: [] },
  'connection.updated': { when: '`update` changed it.', carries: ['changed'] },
  'connection.used': { when: 'Its first request was accepted.', carries: ['credential'] },
  'connection.rotated': { when: '`rotate` made another credential; `credential.created` follows.', carries: [] },
  'connection.testStarted': { when: 'A test with named people began.', carries: [] },
  'connection.testEnded': { when: 'A test with named people ended.', carries: [] },
  'connection.paused': { when: '`pause` was called.', carries: [] },
  'connection.resumed': { when: '`resume` was called.', carries: [] },
  'connection.recorded': { when: 'A recording was started.', carries: [] },
  'connection.recordingStopped': { when: 'A recording was stopped.', carries: [] },
  'connection.closed': { when: 'It was closed.', carries: [] },
  'connection.removed': { when: 'Its row was removed.', carries: [] },
  'credential.created': { when: 'A credential was made.', carries: ['credential'] },
  'credential.revoked': { when: 'A credential was revoked.', carries: ['credential'] },
  'credential.leaked': {
    when: '`reportLeak` ended it; `credential.revoked` or `invitation.revoked` may follow.',
    carries: ['credential'],
  },
  'credential.expiring': { when: 'It is used 30, 14 or 3 days before its end.', carries: ['credential', 'expires'] },
  'credential.expired': { when: 'It is used after its end, for the first time.', carries: ['credential'] },
  'invitation.created': { when: 'An invitation was made; `credential` is its id.', carries: ['credential'] },
  'invitation.revoked': { when: 'An invitation was ended; `credential` is its id.', carries: ['credential'] },
} as const satisfies Record<string, EventRow>)

/** The name of an event of connections. */
export type ConnectionEventName = keyof typeof CONNECTION_EVENTS

/** An event of a connection. It holds no secret. */
export interface ConnectionEvent {
  /** The name of the event: `connection.created`. */
  readonly name: ConnectionEventName
  /** The tenant of the connection. */
  readonly tenant: string
  /** Id of the connection. */
  readonly connection: string
  /** Id of the credential or invitation that it is about. */
  readonly credential: string | undefined
  /** The person who did it; `client` for an event of the use of a credential. */
  readonly by: string
  /** The time of the event. */
  readonly time: Date
  /** For `credential.expiring`: when. */
  readonly expires: Date | undefined
  /** For `connection.updated`: the members that `connections.update` was given, `['name', 'setup']`. */
  readonly changed: readonly string[] | undefined
}

/**
 * An event before its connection, person and time are added: its name, and the members that {@link CONNECTION_EVENTS}
 * lists for it.
 */
export type EventDraft = { readonly [Name in ConnectionEventName]: DraftOf<Name> }[ConnectionEventName]

type DraftOf<Name extends ConnectionEventName> = { readonly name: Name } & Pick<ConnectionEvent, CarriedBy<Name>> & {
    readonly [Member in Exclude<EventMember, CarriedBy<Name>>]?: undefined
  }

type CarriedBy<Name extends ConnectionEventName> = (typeof CONNECTION_EVENTS)[Name]['carries'][number]

/** Functions by the names of events. They neither delay nor fail the change. */
export type ConnectionHooks = { readonly [Name in ConnectionEventName]?: (event: ConnectionEvent) => unknown } & {
  /** Called for a hook that failed, and for a store that could not record the use of a connection. */
  readonly error?: (error: unknown) => unknown
}

/** Emits events to the hooks of the option `on`. A hook that fails does not affect the others. */
export class Listeners {
  readonly #hooks: readonly ConnectionHooks[]

  constructor(on: ConnectionHooks | readonly ConnectionHooks[] | undefined) {
    this.#hooks = on === undefined ? [] : Array.isArray(on) ? on : [on]
  }

  emit(events: readonly ConnectionEvent[]): void {
    for (const event of events) {
      for (const hooks of this.#hooks) void this.#call(() => hooks[event.name]?.(event))
    }
  }

  fail(error: unknown): void {
    for (const { error: hook } of this.#hooks) {
      // A failure of the error hook itself cannot be reported.
      void Promise.resolve(error)
        .then(hook)
        .catch(() => undefined)
    }
  }

  async #call(work: () => unknown): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.fail(error)
    }
  }
}
