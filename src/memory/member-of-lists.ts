import type { Awaitable, Call } from '../adapter/contract.js'
import { GroupLinks, refuseGroupLinks } from '../adapter/group-links.js'
import { Breather } from '../breather.js'
import { atOnce, type InTurns } from '../in-turns.js'
import { type Attribute, targetTypes } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import type { MemoryRow } from './row.js'
import type { Membership, Store } from './store.js'

/** For each resource of a page the list of where it is a member. */
export type Lists = readonly (readonly JsonObject[])[]

/**
 * The lists of where resources are members, such as `groups` of users, for one answer. A change of them is no new
 * version of the resource (decision A-123). RFC 7643 section 4.1.2, groups: "A list of groups to which the user
 * belongs, either through direct membership, through nested groups, or dynamically calculated."
 */
export class MemberOfLists {
  readonly #store: Store
  readonly #attribute: Attribute
  readonly #call: Call
  readonly #memberships: readonly Membership[]
  readonly #links: GroupLinks<MemoryRow>
  readonly #hasDisplay: boolean
  readonly #hasType: boolean

  constructor(store: Store, attribute: Attribute, call: Call) {
    this.#store = store
    this.#attribute = attribute
    this.#call = call
    const types = targetTypes(attribute)
    this.#memberships = store.memberships.filter(
      ({ collection }) => types.length === 0 || types.includes(collection.type.name),
    )
    this.#links = new GroupLinks((row) => this.#holdersOf(row), call.limits.groupLinks)
    this.#hasDisplay = attribute.subAttribute('display') !== undefined
    this.#hasType = attribute.subAttribute('type') !== undefined
  }

  /** The list of one resource. Throws 400 tooMany if it depends on too many links and the client names it. */
  of(row: MemoryRow): readonly JsonObject[] {
    const direct = this.#holdersOf(row)
    return this.#show(direct, atOnce(this.#links.indirect(direct)) ?? this.#refuse())
  }

  /**
   * The lists of all resources of a page, in their order: all of them with indirect holders, or none. Other requests
   * have their turn when it takes long; when it does not, nothing is waited for.
   */
  ofAll(rows: readonly MemoryRow[]): Awaitable<Lists> {
    return this.#goOn(this.#listsInTurns(rows), new Breather(performance.now()))
  }

  *#listsInTurns(rows: readonly MemoryRow[]): InTurns<Lists> {
    const lists: (readonly JsonObject[])[] = []
    for (const row of rows) {
      const direct = this.#holdersOf(row)
      const indirect = yield* this.#links.indirect(direct)
      if (indirect === undefined) {
        this.#refuse()
        return yield* this.#directInTurns(rows)
      }
      lists.push(this.#show(direct, indirect))
      yield
    }
    return lists
  }

  *#directInTurns(rows: readonly MemoryRow[]): InTurns<Lists> {
    const lists: (readonly JsonObject[])[] = []
    for (const row of rows) {
      lists.push(this.#show(this.#holdersOf(row), NO_ROWS))
      yield
    }
    return lists
  }

  #goOn(steps: InTurns<Lists>, breather: Breather): Awaitable<Lists> {
    for (;;) {
      const { done, value } = steps.next()
      if (done) return value
      const pause = breather.pauseIfDue()
      if (pause) return this.#goOnAfter(pause, steps, breather)
    }
  }

  async #goOnAfter(pause: Promise<void>, steps: InTurns<Lists>, breather: Breather): Promise<Lists> {
    await pause
    this.#call.signal.throwIfAborted()
    return this.#goOn(steps, breather)
  }

  #refuse(): readonly MemoryRow[] {
    refuseGroupLinks(this.#call, this.#attribute.name)
    return NO_ROWS
  }

  #holdersOf(row: MemoryRow): readonly MemoryRow[] {
    // Most resources are in no group, and this check is quick.
    if (!this.#store.isMember(row.id)) return NO_ROWS
    const rows = this.#store.holderRows(row.id, this.#memberships)
    return rows.includes(row) ? rows.filter((holder) => holder !== row) : rows
  }

  #show(direct: readonly MemoryRow[], indirect: readonly MemoryRow[]): readonly JsonObject[] {
    if (direct.length === 0) return NOWHERE
    return Object.freeze([
      ...direct.map((row) => this.#showHolder(row, 'direct')),
      ...indirect.map((row) => this.#showHolder(row, 'indirect')),
    ])
  }

  #showHolder({ id, display }: MemoryRow, type: string): JsonObject {
    return Object.freeze({
      value: id,
      ...(display !== undefined && this.#hasDisplay && { display }),
      ...(this.#hasType && { type }),
    })
  }
}

const NO_ROWS: readonly MemoryRow[] = Object.freeze([])
const NOWHERE: readonly JsonObject[] = Object.freeze([])
