import type { ResourceAdapter } from '../../../src/adapter/contract.js'
import { type Parts, soundAdapter } from '../sound-adapter.js'

/** An adapter with one fault, and the check that must find it. */
export interface Fault {
  readonly what: string
  readonly adapter: ResourceAdapter
  /** Name of the check, without the resource type. */
  readonly check: string
  /** The text of the failure. */
  readonly says: RegExp
}

/** A sound adapter with a wrong part. */
export function withParts(what: string, parts: Partial<Parts>, check: string, says: RegExp): Fault {
  return { what, adapter: soundAdapter(parts), check, says }
}

/** A sound adapter with a wrong callback around a right one. */
export function wrapped(
  what: string,
  wrap: (sound: Required<ResourceAdapter>) => Partial<ResourceAdapter>,
  check: string,
  says: RegExp,
): Fault {
  const sound = soundAdapter()
  return { what, adapter: { ...sound, ...wrap(sound as Required<ResourceAdapter>) }, check, says }
}
