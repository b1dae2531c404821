import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { isPrimary } from '../schema/values/values.js'
import { mergedValue, revivedValue } from './added-value.js'
import { identityOf, type KnownHeads, knownHeads, type ValueIdentity } from './identity.js'
import type { Choice } from './listed-values.js'
import { isAssigned, isSame, isSameOne, printer } from './same.js'
import { matchValues, type ValueMatches } from './value-matches.js'
import { ValuePositions } from './value-positions.js'
import { VisitBudget } from './visit-budget.js'

/** Returns the value after an operation: the same object if nothing changes, undefined if the value is removed. */
export type Change = (value: unknown) => unknown

// The work of making a text of all of a value, in visits of a value.
const PRINTS = 4

// The work of making a key, in visits of a value.
const KEYS = 2

// No position of a list.
const NONE = -1

// The work of changing a value, in additional visits.
const CHANGES = 2

// For so few values a search of the list costs less than an index.
const SEARCHES_WITHOUT_INDEX = 2

// The work of making an index, in visits of a value.
const INDEXING = 2

/**
 * The values of one multi-valued attribute while operations are applied to them. Each value is visited a bounded number
 * of times, however many operations add and remove references. A removed value leaves a gap: if the same request adds
 * it again, it gets the server's sub-attributes back from there.
 */
export class ValueList {
  readonly attribute: Attribute
  readonly #identity: ValueIdentity
  /** The stored values, in the form of the store. */
  readonly #original: unknown
  readonly #stored: readonly unknown[]
  /** A gap is undefined. The array is the stored array itself until something changes. */
  #values: readonly unknown[]
  #own: unknown[] | undefined
  #index: ValuePositions | undefined
  #wasIndexed = false
  #searches = 0
  /** Whether two stored values may have the same key. */
  #alike = true
  #touched = false
  /** Whether a value was put in the place of another. */
  #isChanged = false
  /** Whether the values of an operation were looked for without an index. */
  #isMatched = false
  /** Positions of the values that the last call of `change` has changed. */
  #changed: number[] = []
  /** Counts the values that operations on the whole list visit. */
  readonly visits: VisitBudget

  /** @param stored The values in the form of the store; they are never changed. */
  constructor(attribute: Attribute, stored: unknown, visits = new VisitBudget()) {
    this.visits = visits
    this.attribute = attribute
    this.#identity = identityOf(attribute)
    this.#stored = listOf(attribute, stored)
    this.#original = stored
    this.#values = this.#stored
  }

  /**
   * RFC 7644 section 3.5.2.1: "If the target location already contains the value specified, no changes SHOULD be made".
   */
  add(values: readonly unknown[]): void {
    let primary = -1
    const known = knownHeads(this.attribute, values)
    const matches = this.#match(known)
    if (!matches) this.#expectSearches(values.length)
    for (const [index, value] of values.entries()) {
      const head = known?.heads[index] ?? this.#identity.headOf(value)
      const position = this.#addOne(value, head, matches ? matches[index] : this.#find(value, head))
      if (isPrimary(value)) primary = position
    }
    this.#settlePrimary(primary)
  }

  /** RFC 7644 section 3.5.2.3: "the attribute and all values are replaced". */
  replace(values: readonly unknown[]): void {
    this.clear()
    this.add(values)
  }

  /** Removes all values. */
  clear(): void {
    if (this.#values.every(isGap)) return
    this.#touched = true
    // The index stays valid: it maps a key to the position of a value or of its gap.
    this.#copy().fill(undefined)
  }

  /** Removes the references with one of these identifiers. */
  removeReferences(identifiers: Iterable<string>): void {
    for (const key of identifiers) {
      let position = this.#findReference(key)
      while (position !== undefined && !isGap(this.#values[position])) {
        this.#put(position, undefined)
        // A store may contain one reference twice; the index does not.
        position = this.#index ? undefined : this.#findReference(key)
      }
    }
  }

  /**
   * Changes every value that satisfies a condition. Returns the number of these values.
   *
   * @param primary Whether the change sets "primary" to true.
   */
  change({ meets, looks }: Choice, change: Change, primary = false): number {
    this.look(looks)
    let count = 0
    let last = -1
    this.#changed = []
    for (let position = 0; position < this.#values.length; position++) {
      const value = this.#values[position]
      if (isGap(value) || !meets(value)) continue
      count++
      const next = change(value)
      if (primary && next !== undefined) last = position
      if (next === value) continue
      if (this.#index && next !== undefined && !this.#haveSameKey(next, value)) this.#index = undefined
      this.#put(position, next)
      this.#changed.push(position)
    }
    this.visits.spend(this.attribute, this.#changed.length * CHANGES)
    this.#settlePrimary(last)
    return count
  }

  /** Counts a visit of all values. Throws a 413 if the operations of a request visit too many. */
  look(times = 1): void {
    this.visits.spend(this.attribute, this.#values.length * times)
  }

  /** If the last call of `change` has made values equal in every respect, keeps the first of them (decision A-56). */
  dropEqual(): void {
    const changed = this.#changed.filter((position) => !isGap(this.#values[position]))
    if (changed.length === 0) return
    this.look(KEYS)
    const { headOf } = this.#identity
    // Only values with the same head can be equal, and a head is found faster than a text of all of a value is made.
    const byHead = new Map<string, number | number[]>()
    for (const position of changed) byHead.set(headOf(this.#values[position]), NONE)
    for (let position = 0; position < this.#values.length; position++) {
      const value = this.#values[position]
      if (isGap(value)) continue
      const head = headOf(value)
      const before = byHead.get(head)
      if (before === undefined) continue
      if (before === NONE) byHead.set(head, position)
      else if (typeof before === 'number') byHead.set(head, [before, position])
      else before.push(position)
    }
    const alike: number[] = []
    for (const positions of byHead.values()) {
      if (typeof positions === 'object') for (const position of positions) alike.push(position)
    }
    if (alike.length === 0) return
    this.visits.spend(this.attribute, alike.length * PRINTS)
    const print = printer(this.attribute)
    const seen = new Set<string>()
    for (const position of alike) {
      const text = print(this.#values[position])
      if (seen.has(text)) this.#put(position, undefined)
      seen.add(text)
    }
  }

  /** The values now: the stored list itself if nothing has changed, undefined if there is none. */
  close(): unknown {
    if (!this.#touched) return this.#original
    const values: unknown[] = []
    let changed = false
    for (let position = 0; position < this.#values.length; position++) {
      const value = this.#values[position]
      const before = this.#stored[position]
      if (value === before) {
        if (!isGap(value)) values.push(value)
      } else if (isGap(value)) {
        changed = true
      } else if (!isGap(before) && isSameOne(this.attribute, before, value)) {
        values.push(before)
      } else {
        changed = true
        values.push(value)
      }
    }
    // The same values in another order count as unchanged.
    if (!changed || this.#isReordered(values)) return this.#original
    return values.length > 0 ? values : undefined
  }

  /**
   * Whether the values are the stored ones in another order: a removed value may have been added again at another
   * position.
   */
  #isReordered(values: readonly unknown[]): boolean {
    if (
      this.#identity.isReference ||
      this.#values.length <= this.#stored.length ||
      values.length !== this.#stored.length
    )
      return false
    if (this.#alike) {
      this.look(PRINTS)
      return isSame(this.attribute, this.#stored, values)
    }
    // A value that was removed and added again unchanged is the stored object. Most lists differ in their first value.
    if (!this.#stored.includes(values[0])) return false
    const left = new Set(this.#stored)
    return values.every((value) => left.delete(value))
  }

  /** @param position That of the value with the same key, or of its gap; undefined: the value must be appended. */
  #addOne(value: unknown, head: string, position: number | undefined): number {
    if (position === undefined) return this.#push(value)
    const present = this.#values[position]
    if (isGap(present) && !this.#identity.isReference) return this.#move(head, this.#revived(position, value))
    const next = isGap(present) ? this.#revived(position, value) : mergedValue(this.#identity, present, value)
    if (next !== present) this.#put(position, next)
    return position
  }

  #revived(position: number, value: unknown): unknown {
    return revivedValue(this.attribute, this.#identity, this.#stored[position], value)
  }

  /**
   * RFC 7644 section 3.5.2: setting "primary" to true "SHALL cause the server to automatically set "primary" to "false"
   * for any other values in the array".
   */
  #settlePrimary(primary: number): void {
    if (primary < 0) return
    this.look()
    for (let position = 0; position < this.#values.length; position++) {
      const value = this.#values[position]
      if (position !== primary && isPrimary(value)) this.#put(position, { ...(value as JsonObject), primary: false })
    }
  }

  /** Appends a value whose gap has been found. */
  #move(head: string, value: unknown): number {
    const position = this.#push(value)
    this.#index?.move(value, head, position)
    return position
  }

  #push(value: unknown): number {
    this.#touched = true
    return this.#copy().push(value) - 1
  }

  #put(position: number, value: unknown): void {
    this.#copy()[position] = value
    this.#touched = true
    if (!isGap(value)) this.#isChanged = true
  }

  #copy(): unknown[] {
    if (!this.#own) {
      this.#own = [...this.#stored]
      this.#values = this.#own
    }
    return this.#own
  }

  /**
   * The positions of added values whose heads are known, without an index: for the first operation that adds many. Each
   * further one needs the index, because a walk of all values for each operation would take too long.
   */
  #match(known: KnownHeads | undefined): ValueMatches['positions'] | undefined {
    const { indexes } = known ?? {}
    if (!known || !indexes || this.#identity.isReference || this.#isMatched || this.#wasIndexed) return undefined
    this.#isMatched = true
    const { positions, alike } = matchValues(
      this.#identity,
      { ...known, indexes },
      this.#values.length,
      (position) => this.#valueOrGone(position),
      (position) => isGap(this.#values[position]),
    )
    this.#alike = alike || this.#isChanged
    return positions
  }

  /** The position of the value with the key of this value, or of its gap; undefined: it must be appended. */
  #find(value: unknown, head: string): number | undefined {
    const index = this.#indexForSearch()
    if (index) return index.findOrSet(value, head, this.#values.length)
    return this.#search(head, this.#identity.tailOf(value, head))
  }

  /** The position of the reference with this identifier, or of its gap; undefined: it must be appended. */
  #findReference(key: string): number | undefined {
    const index = this.#indexForSearch()
    return index ? index.findKey(key) : this.#search(key, '')
  }

  #indexForSearch(): ValuePositions | undefined {
    if (this.#index) return this.#index
    this.#searches += 1
    return this.#searches > SEARCHES_WITHOUT_INDEX ? this.#makeIndex() : undefined
  }

  #search(head: string, tail: string): number | undefined {
    const { headOf, tailOf } = this.#identity
    let gap: number | undefined
    for (let position = 0; position < this.#values.length; position++) {
      const one = this.#valueOrGone(position)
      if (isGap(one) || headOf(one) !== head || tailOf(one, head) !== tail) continue
      if (!isGap(this.#values[position])) return position
      gap ??= position
    }
    return gap
  }

  #haveSameKey(one: unknown, other: unknown): boolean {
    const { headOf, tailOf } = this.#identity
    const head = headOf(one)
    return headOf(other) === head && tailOf(other, head) === tailOf(one, head)
  }

  /** The value at a position, or the stored value that was there. */
  #valueOrGone(position: number): unknown {
    return this.#values[position] ?? this.#stored[position]
  }

  /** Makes the index before many searches: each search without an index looks at all values. */
  #expectSearches(count: number): void {
    if (!this.#index && this.#searches + count > SEARCHES_WITHOUT_INDEX) this.#makeIndex()
  }

  #makeIndex(): ValuePositions {
    // Operations that change keys make the index invalid, so a request could have it made again and again.
    if (this.#wasIndexed) this.look(INDEXING)
    // A value that was appended may have the key of the gap that it comes from.
    const areMatched = this.#isMatched && !this.#wasIndexed
    this.#wasIndexed = true
    const { headOf } = this.#identity
    const index = new ValuePositions(this.#identity, (position) => this.#valueOrGone(position))
    let alike = false
    for (let position = 0; position < this.#values.length; position++) {
      const value = this.#values[position]
      const one = this.#valueOrGone(position)
      if (isGap(one)) continue
      const head = headOf(one)
      const found = index.findOrSet(one, head, position)
      const isStored = position < this.#stored.length
      const isChanged = !isGap(value) && isStored && value !== this.#stored[position]
      if ((found !== undefined && (isStored || !areMatched)) || isChanged) alike = true
      if (found === undefined) continue
      if (isGap(this.#values[found])) index.move(one, head, position)
      else if (this.#identity.isReference) this.#copy()[position] = undefined
    }
    this.#index = index
    this.#alike = alike
    return index
  }
}

function isGap(value: unknown): boolean {
  return value === undefined || value === null
}

function listOf(attribute: Attribute, stored: unknown): readonly unknown[] {
  if (Array.isArray(stored)) return stored
  if (typeof stored === 'object' && stored !== null && Symbol.asyncIterator in stored) {
    throw new TypeError(`Attribute "${attribute.path}" is an AsyncIterable; a patch is applied to arrays.`)
  }
  return isAssigned(stored) ? [stored] : []
}
