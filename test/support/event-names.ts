import type { EventName } from '../../src/index.js'
import { EVENTS, type EventKind } from '../../src/provider/setup/event-table.js'

/** The names of all events of users and groups, as the table of events has them. */
export const EVENT_NAMES: readonly EventName<'User' | 'Group'>[] = [
  ...kinds('activation').map((kind) => `user.${kind}` as const),
  ...kinds('membership').map((kind) => `group.${kind}` as const),
]

function kinds(role: 'activation' | 'membership'): readonly EventKind[] {
  const of = (kind: EventKind): boolean => [undefined, role].includes(EVENTS[kind].role)
  return (Object.keys(EVENTS) as EventKind[]).filter(of)
}
