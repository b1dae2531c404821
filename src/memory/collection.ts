import { randomUUID } from 'node:crypto'
import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { withoutUnreadable } from '../schema/resources/unreadable.js'
import { comparisonKey } from '../schema/values/compare.js'
import { type MemoryType, referenceValue } from './memory-type.js'
import { ReferenceIndex } from './reference-index.js'
import type { LeavingIds, MemberRows, MemoryRow, RowAttributes } from './row.js'
import { RowList } from './row-list.js'
import { TimeTexts } from './time-texts.js'
import { ValueIndex } from './value-index.js'
import { firstText } from './values.js'

/** How the rows are found that have a value. */
export interface Lookup {
  readonly find: (value: unknown) => readonly MemoryRow[]
  /** Makes it ready; undefined when it is. */
  readonly prepare: () => Promise<void> | undefined
}

const NOTHING: JsonObject = Object.freeze({})
const UNWRITTEN: RowAttributes = Object.freeze({ id: '' })
const NO_REFERENCES = new Map<string, MemberRows>()

/** The resources of one type and one tenant, with their indexes. It does not know the links between them. */
export class Collection {
  readonly type: MemoryType
  readonly rows = new Map<string, MemoryRow>()
  readonly list = new RowList()
  /** Paths of the attributes that can be looked up by a text. */
  readonly textPaths: readonly string[]
  readonly #values: readonly ValueIndex[]
  /** The ones among them whose values have to be unique. */
  readonly #unique: readonly ValueIndex[]
  readonly #references: ReadonlyMap<Attribute, ReferenceIndex>
  /** By the path of the attribute that is looked up. */
  readonly #lookups: ReadonlyMap<string, Lookup>
  #sequence = 0
  readonly #times = new TimeTexts()

  constructor(type: MemoryType) {
    this.type = type
    this.#values = type.indexed.map((attribute) => new ValueIndex(attribute))
    this.#unique = this.#values.filter(({ attribute }) => attribute.uniqueness !== 'none')
    this.#references = new Map(type.references.map((attribute) => [attribute, indexOf(attribute)]))
    const texts = [...type.indexed.filter(isText), ...type.references.map(referenceValue)]
    this.textPaths = ['id', ...texts.map(({ path }) => path)]
    this.#lookups = new Map([
      ['id', { find: (id: unknown) => present(this.rows.get(String(id))), prepare: nothing }],
      ...this.#values.map((index) => {
        const prepare = () => index.prepare(this.rows)
        return [index.attribute.path, { find: (value: unknown) => index.find(value), prepare }] as const
      }),
      ...[...this.#references].map(([attribute, index]) => {
        return [
          referenceValue(attribute).path,
          { find: (value: unknown) => index.match(value), prepare: nothing },
        ] as const
      }),
    ])
  }

  /**
   * How the rows are found that have a value in the attribute of this path; undefined when that takes a look at each.
   */
  lookup(path: string): Lookup | undefined {
    return this.#lookups.get(path)
  }

  /** The rows that refer to exactly this identifier. */
  referrers(attribute: Attribute, id: string): readonly MemoryRow[] {
    return this.#references.get(attribute)?.get(id) ?? []
  }

  /** Whether any row refers to exactly this identifier. */
  isReferred(attribute: Attribute, id: string): boolean {
    return this.#references.get(attribute)?.has(id) ?? false
  }

  /** Throws 409 when another resource has one of the values that have to be unique. */
  requireUnique(attributes: JsonObject, row: MemoryRow | undefined): void {
    for (const index of this.#unique) index.requireUnique(attributes, row)
  }

  /** Adds a resource under a new id. The object becomes the store's. */
  insert(attributes: RowAttributes): MemoryRow {
    const now = Date.now()
    const { references } = this.type
    this.#sequence += 1
    const row: MemoryRow = {
      id: randomUUID(),
      sequence: this.#sequence,
      created: this.#times.of(now),
      lastModified: now,
      version: 1,
      attributes: UNWRITTEN,
      readable: UNWRITTEN,
      display: undefined,
      // Most resources are users, which have none.
      references: references.length === 0 ? NO_REFERENCES : new Map(references.map(({ name }) => [name, new Map()])),
      lists: undefined,
    }
    this.#write(row, attributes)
    this.rows.set(row.id, row)
    this.list.push(row)
    return row
  }

  /** Gives a resource other attributes, which become the store's, or the same, and a new version. */
  update(row: MemoryRow, attributes: RowAttributes): void {
    row.version += 1
    // Two changes within one millisecond differ all the same.
    row.lastModified = Math.max(Date.now(), row.lastModified + 1)
    this.#write(row, attributes)
  }

  remove(row: MemoryRow): void {
    for (const index of this.#values) index.change(row, NOTHING)
    for (const [{ name }, index] of this.#references) {
      const values = [...referencesOf(row, name).keys()]
      row.references.set(name, new Map())
      index.deleteAll(values, values.length, row)
    }
    this.rows.delete(row.id)
    this.list.remove(row)
  }

  /** Puts a value of a reference attribute in the place of the one with the same `value`. */
  replaceReference(row: MemoryRow, attribute: Attribute, value: string, reference: JsonObject): void {
    referencesOf(row, attribute.name).set(value, reference)
    row.lists?.delete(attribute.name)
  }

  /** Adds values that are not there yet. The map becomes the store's. */
  addReferences(row: MemoryRow, attribute: Attribute, added: MemberRows): void {
    if (added.size === 0) return
    const present = referencesOf(row, attribute.name)
    if (present.size === 0) row.references.set(attribute.name, added)
    else for (const [value, reference] of added) present.set(value, reference)
    row.lists?.delete(attribute.name)
    this.#references.get(attribute)?.addAll(added, row)
  }

  /** Takes a value from a reference attribute. */
  deleteReference(row: MemoryRow, attribute: Attribute, value: string): void {
    referencesOf(row, attribute.name).delete(value)
    row.lists?.delete(attribute.name)
    this.#references.get(attribute)?.delete(value, row)
  }

  /**
   * Takes values from a reference attribute.
   *
   * @param staying All that stay, where that is known. The map becomes the store's.
   */
  deleteReferences(row: MemoryRow, attribute: Attribute, { count, values }: LeavingIds, staying?: MemberRows): void {
    if (count === 0) return
    const present = referencesOf(row, attribute.name)
    // To keep the few takes less than to delete the many.
    if (staying && areMost(count, present)) row.references.set(attribute.name, staying)
    else for (const value of values) present.delete(value)
    row.lists?.delete(attribute.name)
    this.#references.get(attribute)?.deleteAll(values, count, row)
  }

  #write(row: MemoryRow, attributes: RowAttributes): void {
    for (const index of this.#values) index.change(row, attributes)
    const { id, created, version } = row
    const lastModified = version === 1 ? created : this.#times.of(row.lastModified)
    attributes.id = id
    attributes.meta = Object.freeze({ created, lastModified, version: String(version) })
    row.attributes = attributes
    row.readable = withoutUnreadable(attributes, this.type.unreadable)
    row.display = firstText(attributes, this.type.display)
  }
}

/** The values of a reference attribute. */
export function referencesOf(row: MemoryRow, attribute: string): MemberRows {
  return row.references.get(attribute) as MemberRows
}

/** Whether so many of the present references leave that a new list is made of those that stay. */
export function areMost(count: number, present: MemberRows): boolean {
  return count > present.size / 2
}

function indexOf(attribute: Attribute): ReferenceIndex {
  const holds = (row: MemoryRow, value: string): boolean => referencesOf(row, attribute.name).has(value)
  return new ReferenceIndex(comparisonKey(referenceValue(attribute)), holds)
}

// A filter gives the value of a number as a text, which is no number yet.
function isText({ type }: Attribute): boolean {
  return type !== 'integer' && type !== 'decimal'
}

function present(row: MemoryRow | undefined): readonly MemoryRow[] {
  return row ? [row] : []
}

function nothing(): undefined {
  return undefined
}
