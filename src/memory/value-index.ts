import { Breather } from '../breather.js'
import { ScimError } from '../error.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { type ComparisonKey, comparisonKey, type ToKey } from '../schema/values/compare.js'
import { valuesAt } from '../schema/values/values.js'
import { AttributeIndex } from './attribute-index.js'
import type { MemoryRow } from './row.js'

/**
 * Rows by the values of an attribute that is kept with the others. An index of unique values exists from the first row
 * on; any other index is made when it is first asked for, so that an unused index costs nothing.
 */
export class ValueIndex {
  readonly attribute: Attribute
  readonly #toKey: ToKey
  readonly #rows = new AttributeIndex()
  /** Whether every change is followed, as it is from when on it is being made. */
  #kept: boolean
  #ready: boolean
  #preparing: Promise<void> | undefined
  #last: JsonObject | undefined
  #lastKeys: readonly ComparisonKey[] = NO_KEYS

  constructor(attribute: Attribute) {
    this.attribute = attribute
    this.#toKey = comparisonKey(attribute)
    this.#kept = attribute.uniqueness !== 'none'
    this.#ready = this.#kept
  }

  /** Makes the index if need be, of rows that may come and go meanwhile; undefined when it is there. */
  prepare(rows: ReadonlyMap<string, MemoryRow>): Promise<void> | undefined {
    if (this.#ready) return undefined
    this.#preparing ??= this.#make(rows).finally(() => {
      this.#preparing = undefined
    })
    return this.#preparing
  }

  async #make(rows: ReadonlyMap<string, MemoryRow>): Promise<void> {
    this.#kept = true
    const breather = new Breather(performance.now())
    // Rows that are added during a pause are visited at the end, and removed rows are not.
    for (const row of rows.values()) {
      for (const key of this.#makeKeys(row.attributes)) this.#rows.add(key, row)
      const pause = breather.pauseIfDue()
      if (pause) await pause
    }
    this.#ready = true
  }

  /** The rows that have a value, as filters compare. */
  find(value: unknown): readonly MemoryRow[] {
    return this.#rows.get(this.#toKey(value))
  }

  /** Throws 409 when the value has to be unique and another row has it. */
  requireUnique(attributes: JsonObject, row: MemoryRow | undefined): void {
    const { attribute } = this
    if (attribute.uniqueness === 'none' || isUnchanged(attribute, attributes, row?.attributes)) return
    // RFC 7644 section 3.3: "If the service provider determines that the creation of the requested resource conflicts
    // with existing resources ..., the service provider MUST return HTTP status code 409 (Conflict)".
    for (const key of this.#keysOf(attributes)) {
      if (this.#rows.isTaken(key, row)) throw ScimError.uniqueness(attribute.path)
    }
  }

  /** Tells that a row, which has its old attributes still, gets others. */
  change(row: MemoryRow, attributes: JsonObject): void {
    if (!this.#kept || isUnchanged(this.attribute, attributes, row.attributes)) return
    const keys = this.#keysOf(attributes)
    for (const key of this.#makeKeys(row.attributes)) this.#rows.delete(key, row)
    for (const key of keys) this.#rows.add(key, row)
  }

  /** A write asks twice: whether the values are free, and to take them. */
  #keysOf(attributes: JsonObject): readonly ComparisonKey[] {
    if (attributes !== this.#last) {
      this.#lastKeys = this.#makeKeys(attributes)
      this.#last = attributes
    }
    return this.#lastKeys
  }

  #makeKeys(attributes: JsonObject): readonly ComparisonKey[] {
    const { keys, multiValued } = this.attribute
    const [name = ''] = keys
    const value = attributes[name]
    if (value === undefined) return NO_KEYS
    if (keys.length > 1 || multiValued) return valuesAt(value, keys, 1).flatMap((each) => this.#toKey(each) ?? [])
    const key = this.#toKey(value)
    return key === undefined ? NO_KEYS : [key]
  }
}

const NO_KEYS: readonly ComparisonKey[] = []

function isUnchanged({ keys }: Attribute, attributes: JsonObject, before: JsonObject | undefined): boolean {
  const [top = ''] = keys
  return before !== undefined && attributes[top] === before[top]
}
