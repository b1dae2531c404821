/** The names of the events of connections. */
export const CONNECTION_EVENTS = [
  'connection.created',
  'connection.updated',
  'connection.used',
  'connection.rotated',
  'connection.testStarted',
  'connection.testEnded',
  'connection.paused',
  'connection.resumed',
  'connection.recorded',
  'connection.recordingStopped',
  'connection.closed',
  'connection.removed',
  'credential.created',
  'credential.revoked',
  'credential.leaked',
  'credential.expiring',
  'credential.expired',
  'invitation.created',
  'invitation.revoked',
] as const

/** The name of an event of connections. */
export type ConnectionEventName = (typeof CONNECTION_EVENTS)[number]

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

/** An event before time and place are added. */
export type Happened = Pick<ConnectionEvent, 'name'> &
  Partial<Pick<ConnectionEvent, 'credential' | 'expires' | 'changed'>>

/** Functions by the names of events. They neither delay nor fail the change. */
export type ConnectionHooks = { readonly [Name in ConnectionEventName]?: (event: ConnectionEvent) => unknown } & {
  /** Called for a hook that failed, and for a store that could not record the use of a connection. */
  readonly error?: (error: unknown) => unknown
}

/** Emits events to all hooks. A hook that fails does not affect the others. */
export class Announcer {
  readonly #listeners: readonly ConnectionHooks[]

  constructor(on: ConnectionHooks | readonly ConnectionHooks[] | undefined) {
    this.#listeners = on === undefined ? [] : Array.isArray(on) ? on : [on]
  }

  tell(events: readonly ConnectionEvent[]): void {
    for (const event of events) {
      for (const hooks of this.#listeners) void this.#call(() => hooks[event.name]?.(event))
    }
  }

  fail(error: unknown): void {
    for (const { error: hook } of this.#listeners) {
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
