import { randomUUID } from 'node:crypto'
import { ScimError } from '../error.js'
import type { Attribute } from '../schema/attribute.js'
import { type ComparisonKey, comparisonKey, type ToKey } from '../schema/compare.js'
import type { JsonObject } from '../schema/resource.js'
import { withoutUnreadable } from '../schema/unreadable.js'
import { AttributeIndex } from './attribute-index.js'
import { type MemoryType, referenceValue } from './memory-type.js'
import { ReferenceIndex } from './reference-index.js'
import type { References, Row } from './row.js'
import { RowList } from './row-list.js'
import { firstText, valuesAt } from './values.js'

interface SimpleIndex {
  readonly attribute: Attribute
  readonly toKey: ToKey
  readonly rows: AttributeIndex
}

const NOTHING: JsonObject = Object.freeze({})
const NO_REFERENCES = new Map<string, References>()

/** The resources of one type and one tenant, with their indexes. It knows nothing of the links between them. */
export class Collection {
  readonly type: MemoryType
  readonly rows = new Map<string, Row>()
  readonly list = new RowList()
  /** Paths of the attributes that can be looked up by a text. */
  readonly textPaths: readonly string[]
  readonly #simple: readonly SimpleIndex[]
  readonly #references: ReadonlyMap<Attribute, ReferenceIndex>
  /** The rows that have a value, by the path of the attribute that is looked up. */
  readonly #lookups: ReadonlyMap<string, (value: unknown) => readonly Row[]>
  #sequence = 0
  #time = Number.NaN
  #timeText = ''

  constructor(type: MemoryType) {
    this.type = type
    this.#simple = type.indexed.map((attribute) => ({
      attribute,
      toKey: comparisonKey(attribute),
      rows: new AttributeIndex(),
    }))
    this.#references = new Map(
      type.references.map((attribute) => [attribute, new ReferenceIndex(comparisonKey(referenceValue(attribute)))]),
    )
    const texts = [...type.indexed.filter(isText), ...type.references.map(referenceValue)]
    this.textPaths = ['id', ...texts.map(({ path }) => path)]
    this.#lookups = new Map([
      ['id', (id: unknown) => present(this.rows.get(String(id)))],
      ...this.#simple.map(({ attribute, toKey, rows }) => {
        return [attribute.path, (value: unknown) => rows.get(toKey(value))] as const
      }),
      ...[...this.#references].map(([attribute, index]) => {
        return [referenceValue(attribute).path, (value: unknown) => index.match(value)] as const
      }),
    ])
  }

  /** The rows that have a value, as filters compare; undefined when the attribute has no index. */
  find(path: string, value: unknown): readonly Row[] | undefined {
    return this.#lookups.get(path)?.(value)
  }

  /** The rows that refer to exactly this identifier. */
  referrers(attribute: Attribute, id: string): readonly Row[] {
    return this.#references.get(attribute)?.get(id) ?? []
  }

  /** Whether any row refers to exactly this identifier. */
  isReferred(attribute: Attribute, id: string): boolean {
    return this.#references.get(attribute)?.has(id) ?? false
  }

  /** Throws 409 when another resource has one of the values that have to be unique. */
  requireUnique(attributes: JsonObject, row: Row | undefined): void {
    for (const { attribute, toKey, rows } of this.#simple) {
      if (attribute.uniqueness === 'none' || isUnchanged(attribute, attributes, row)) continue
      // RFC 7644 section 3.3: "If the service provider determines that the creation of the requested resource conflicts
      // with existing resources ..., the service provider MUST return HTTP status code 409 (Conflict)".
      for (const key of keysOf(attributes, attribute, toKey)) {
        if (rows.isTaken(key, row)) throw ScimError.uniqueness(attribute.path)
      }
    }
  }

  /** Adds a resource under a new id. The object becomes the store's. */
  insert(attributes: JsonObject): Row {
    const now = Date.now()
    const { references } = this.type
    this.#sequence += 1
    const row: Row = {
      id: randomUUID(),
      sequence: this.#sequence,
      created: this.#writeTime(now),
      lastModified: now,
      version: 1,
      attributes: NOTHING,
      readable: NOTHING,
      display: undefined,
      // Most resources are users, which have none.
      references: references.length === 0 ? NO_REFERENCES : new Map(references.map(({ name }) => [name, new Map()])),
      lists: undefined,
      memberOf: undefined,
    }
    this.#write(row, attributes)
    this.rows.set(row.id, row)
    this.list.push(row)
    return row
  }

  /** Gives a resource other attributes, which become the store's, or the same, and a new version. */
  update(row: Row, attributes: JsonObject): void {
    row.version += 1
    // Two changes within one millisecond differ all the same.
    row.lastModified = Math.max(Date.now(), row.lastModified + 1)
    this.#write(row, attributes)
  }

  remove(row: Row): void {
    this.#reindex(row, NOTHING)
    for (const [{ name }, index] of this.#references) {
      for (const value of referencesOf(row, name).keys()) index.delete(value, row)
    }
    this.rows.delete(row.id)
    this.list.remove(row)
  }

  /** Adds a value to a reference attribute, or puts it in the place of the one with the same `value`. */
  setReference(row: Row, attribute: Attribute, value: string, reference: JsonObject): void {
    referencesOf(row, attribute.name).set(value, reference)
    row.lists?.delete(attribute.name)
    this.#references.get(attribute)?.add(value, row)
  }

  /** Adds values that are not there yet. The map becomes the store's. */
  addReferences(row: Row, attribute: Attribute, added: References): void {
    if (added.size === 0) return
    const present = referencesOf(row, attribute.name)
    if (present.size === 0) row.references.set(attribute.name, added)
    else for (const [value, reference] of added) present.set(value, reference)
    row.lists?.delete(attribute.name)
    const index = this.#references.get(attribute)
    for (const value of added.keys()) index?.add(value, row)
  }

  /** Takes a value from a reference attribute. */
  deleteReference(row: Row, attribute: Attribute, value: string): void {
    referencesOf(row, attribute.name).delete(value)
    row.lists?.delete(attribute.name)
    this.#references.get(attribute)?.delete(value, row)
  }

  #write(row: Row, attributes: JsonObject): void {
    this.#reindex(row, attributes)
    const { id, created, version } = row
    const lastModified = version === 1 ? created : this.#writeTime(row.lastModified)
    attributes.id = id
    attributes.meta = Object.freeze({ created, lastModified, version: String(version) })
    row.attributes = attributes
    row.readable = withoutUnreadable(attributes, this.type.unreadable)
    row.display = firstText(attributes, this.type.display)
  }

  /** Under load many changes fall into one millisecond. */
  #writeTime(time: number): string {
    if (time !== this.#time) {
      this.#time = time
      this.#timeText = new Date(time).toISOString()
    }
    return this.#timeText
  }

  #reindex(row: Row, attributes: JsonObject): void {
    for (const { attribute, toKey, rows } of this.#simple) {
      if (isUnchanged(attribute, attributes, row)) continue
      for (const key of keysOf(row.attributes, attribute, toKey)) rows.delete(key, row)
      for (const key of keysOf(attributes, attribute, toKey)) rows.add(key, row)
    }
  }
}

/** The values of a reference attribute. */
export function referencesOf(row: Row, attribute: string): References {
  return row.references.get(attribute) as References
}

const NO_KEYS: readonly ComparisonKey[] = []

function keysOf(attributes: JsonObject, { keys, multiValued }: Attribute, toKey: ToKey): readonly ComparisonKey[] {
  const [name = ''] = keys
  const value = attributes[name]
  if (value === undefined) return NO_KEYS
  if (keys.length > 1 || multiValued) return valuesAt(value, keys, 1).flatMap((each) => toKey(each) ?? [])
  const key = toKey(value)
  return key === undefined ? NO_KEYS : [key]
}

function isUnchanged({ keys }: Attribute, attributes: JsonObject, row: Row | undefined): boolean {
  const [top = ''] = keys
  return row !== undefined && attributes[top] === row.attributes[top]
}

// A filter gives the value of a number as a text, which is no number yet.
function isText({ type }: Attribute): boolean {
  return type !== 'integer' && type !== 'decimal'
}

function present(row: Row | undefined): readonly Row[] {
  return row ? [row] : []
}
