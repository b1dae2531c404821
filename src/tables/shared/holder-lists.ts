import type { Call } from '../../adapter/contract.js'
import { GroupLinks, refuseGroupLinks } from '../../adapter/group-links.js'
import { Breather } from '../../breather.js'
import { atOnce, inTurns } from '../../in-turns.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'

type Link = readonly [member: string, holder: string]

/**
 * The groups of resources, as a statement returns them: direct groups, the groups of these, for no more than one link
 * beyond `limits.groupLinks`, and the names of all these holders.
 */
export type HolderGraph = readonly [
  direct: readonly Link[],
  links: readonly Link[],
  displays: readonly (readonly [holder: string, display: string | null])[],
]

interface Holder {
  readonly id: string
  readonly above: Holder[]
  display: string | null
}

/**
 * The lists of where resources are members, such as `groups` of users, for one answer. RFC 7643 section 4.1.2, groups:
 * "A list of groups to which the user belongs, either through direct membership, through nested groups, or dynamically
 * calculated."
 */
export class HolderLists {
  readonly #attribute: Attribute
  readonly #call: Call
  readonly #links: GroupLinks<Holder>

  constructor(attribute: Attribute, call: Call) {
    this.#attribute = attribute
    this.#call = call
    this.#links = new GroupLinks(({ above }) => above, call.limits.groupLinks)
  }

  /**
   * The list of one resource, from a graph for each type of holder. Throws 400 tooMany if the client names the
   * attribute.
   */
  of(graphs: readonly HolderGraph[], member: string): readonly JsonObject[] {
    const direct = this.#directHolders(graphs).get(member) ?? []
    const indirect = this.#isWithin(graphs) ? atOnce(this.#links.indirect(direct)) : undefined
    if (indirect === undefined) refuseGroupLinks(this.#call, this.#attribute.name)
    return this.#show(direct, indirect ?? [])
  }

  /**
   * The lists of all resources of a page, in their order: all of them with indirect holders, or none. Other requests
   * have their turn.
   */
  async ofAll(graphs: readonly HolderGraph[], members: readonly string[]): Promise<readonly (readonly JsonObject[])[]> {
    const holders = this.#directHolders(graphs)
    const isWithin = this.#isWithin(graphs)
    const breather = new Breather(performance.now())
    const lists: (readonly JsonObject[])[] = []
    for (const member of members) {
      const direct = holders.get(member) ?? []
      const indirect = isWithin ? await inTurns(this.#links.indirect(direct), () => breather.pauseIfDue()) : undefined
      if (indirect === undefined) {
        refuseGroupLinks(this.#call, this.#attribute.name)
        return members.map((each) => this.#show(holders.get(each) ?? [], []))
      }
      lists.push(this.#show(direct, indirect))
      const pause = breather.pauseIfDue()
      if (pause === undefined) continue
      await pause
      this.#call.signal.throwIfAborted()
    }
    return lists
  }

  #isWithin(graphs: readonly HolderGraph[]): boolean {
    return graphs.every(([, links]) => links.length <= this.#call.limits.groupLinks)
  }

  /** The direct holders of each member, with those above them. Holders of two types may have the same id. */
  #directHolders(graphs: readonly HolderGraph[]): ReadonlyMap<string, readonly Holder[]> {
    const found = new Map<string, Holder[]>()
    for (const [direct, links, displays] of graphs) {
      const holders = new Map<string, Holder>()
      const holderOf = (id: string): Holder => {
        const holder = holders.get(id) ?? { id, above: [], display: null }
        holders.set(id, holder)
        return holder
      }
      for (const [id, display] of displays) holderOf(id).display = display
      for (const [member, holder] of links) holderOf(member).above.push(holderOf(holder))
      for (const [member, holder] of direct) {
        const list = found.get(member)
        if (list) list.push(holderOf(holder))
        else found.set(member, [holderOf(holder)])
      }
    }
    return found
  }

  #show(direct: readonly Holder[], indirect: readonly Holder[]): readonly JsonObject[] {
    return [
      ...direct.map((holder) => this.#showHolder(holder, 'direct')),
      ...indirect.map((holder) => this.#showHolder(holder, 'indirect')),
    ]
  }

  #showHolder({ id, display }: Holder, type: string): JsonObject {
    return {
      value: id,
      ...(display !== null && this.#attribute.subAttribute('display') && { display }),
      ...(this.#attribute.subAttribute('type') && { type }),
    }
  }
}
