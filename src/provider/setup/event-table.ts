import type { AttributeDefinition } from '../../schema/model/definition.js'

interface EventRow {
  /** The role that an attribute of the resource type must have; undefined: every resource type has the event. */
  readonly role: AttributeDefinition['role']
  /** When it is emitted. */
  readonly when: string
  /**
   * Its members besides those that each event has: `name`, `id`, `attributes`, `requestId` and others. `set` is there
   * only if the request was a PATCH.
   */
  readonly carries: readonly EventMember[]
}

/** A member of events that not every kind of event has. */
export type EventMember = 'member' | 'resource' | 'before' | 'set' | 'changes'

/**
 * The changes of a resource that have events; an event is named by the resource type and one of these:
 * `user.deactivated`. The types of the hooks, their check at start and the table in docs/events.md are made from it.
 */
export const EVENTS = Object.freeze({
  created: {
    role: undefined,
    when: 'A POST created the resource.',
    carries: ['resource', 'changes'],
  },
  updated: {
    role: undefined,
    when: 'A PUT replaced the resource, or a PATCH changed it.',
    carries: ['resource', 'before', 'set', 'changes'],
  },
  deleted: {
    role: undefined,
    when: 'A DELETE removed the resource.',
    carries: ['before', 'changes'],
  },
  deactivated: {
    role: 'activation',
    when: 'The attribute with the role `activation` became false. Of a User it is `active`.',
    carries: ['resource', 'before', 'set', 'changes'],
  },
  reactivated: {
    role: 'activation',
    when: 'The attribute with the role `activation` was false and no longer is.',
    carries: ['resource', 'before', 'set', 'changes'],
  },
  'member.added': {
    role: 'membership',
    when: 'Once for each value added to the attribute with the role `membership`. Of a Group it is `members`.',
    carries: ['member', 'resource', 'before', 'set', 'changes'],
  },
  'member.removed': {
    role: 'membership',
    when: 'Once for each value removed from the attribute with the role `membership`.',
    carries: ['member', 'resource', 'before', 'set', 'changes'],
  },
} as const satisfies Record<string, EventRow>)

/** The second part of an event's name: `created`, `member.added`. */
export type EventKind = keyof typeof EVENTS

/**
 * The name of an event: `EventName<'User'>` has `user.created` and its like, `EventName` those of every resource type.
 */
export type EventName<Type extends string = string> = string extends Type
  ? `${string}.${EventKind}`
  : `${Uncapitalize<Type>}.${EventKind}`
