import { type Attribute, isMembership, targetTypes } from '../schema/model/attribute.js'
import { Collection } from './collection.js'
import { type MemoryType, referenceValue } from './memory-type.js'
import type { MemoryRow } from './row.js'

/** An attribute that links a resource to its members. */
export interface Membership {
  readonly collection: Collection
  readonly attribute: Attribute
}

/** An attribute by which resources point to others. */
export type Pointer = Membership

/** The resource that a member refers to, with its type. */
export interface Member {
  readonly type: string
  readonly row: MemoryRow
}

/** A resource that has another one as a member. */
export interface Holder extends Membership {
  readonly row: MemoryRow
}

/** The data of one tenant: a collection for each resource type, linked by memberships. */
export class Store {
  readonly collections: ReadonlyMap<string, Collection>
  readonly memberships: readonly Membership[]
  readonly #pointers = new Map<string, readonly Pointer[]>()

  constructor(types: readonly MemoryType[]) {
    this.collections = new Map(types.map((type) => [type.name, new Collection(type)]))
    this.memberships = [...this.collections.values()].flatMap((collection) =>
      collection.type.references.filter(isMembership).map((attribute) => ({ collection, attribute })),
    )
  }

  /** Looks up the resource that a member refers to, with its type; other references are not looked up. */
  memberFinder(attribute: Attribute): (id: string) => Member | undefined {
    const types = isMembership(attribute) ? targetTypes(attribute) : []
    const targets = types.flatMap((type) => ({ type, rows: this.collections.get(type)?.rows }))
    return (id) => {
      for (const { type, rows } of targets) {
        const row = rows?.get(id)
        if (row) return { type, row }
      }
      return undefined
    }
  }

  /** Whether any resource has this one as a direct member. */
  isMember(id: string): boolean {
    return this.memberships.some(({ collection, attribute }) => collection.isReferred(attribute, id))
  }

  /**
   * The references by which resources may point to those of a type, RFC 7643 section 7, referenceTypes; those of
   * members aside.
   */
  pointersTo(type: string): readonly Pointer[] {
    let found = this.#pointers.get(type)
    if (found === undefined) {
      found = [...this.collections.values()].flatMap((collection) => {
        const { references, pointers } = collection.type
        const others = references.filter((attribute) => !isMembership(attribute))
        const isMeant = (attribute: Attribute): boolean => targetTypes(attribute).includes(type)
        return [...others, ...pointers].filter(isMeant).map((attribute) => ({ collection, attribute }))
      })
      this.#pointers.set(type, found)
    }
    return found
  }

  /** Completes the index of references to resources of a type; undefined if it is complete. */
  preparePointers(type: string): Promise<unknown> | undefined {
    const pending = this.pointersTo(type).flatMap(({ collection, attribute }) => {
      return collection.lookup(referenceValue(attribute).path)?.prepare() ?? []
    })
    return pending.length > 0 ? Promise.all(pending) : undefined
  }

  /** The rows that have a resource as a direct member by one of these memberships. */
  holderRows(id: string, memberships: readonly Membership[]): readonly MemoryRow[] {
    const [first, ...others] = memberships
    if (first === undefined) return []
    const rows = first.collection.referrers(first.attribute, id)
    if (others.length === 0) return rows
    return [...rows, ...others.flatMap(({ collection, attribute }) => collection.referrers(attribute, id))]
  }

  /** Every resource that has this one as a direct member. */
  holders(id: string): readonly Holder[] {
    return this.memberships.flatMap((membership) =>
      membership.collection.referrers(membership.attribute, id).map((row) => ({ ...membership, row })),
    )
  }
}
