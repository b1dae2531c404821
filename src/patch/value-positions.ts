import type { ValueIdentity } from './identity.js'

/**
 * The positions of the values of a list by their keys. No key is put together: to put together the keys of a long list,
 * and to collect them as garbage, takes several times as long. The tail of a value is looked at only if another value
 * has the same head.
 */
export class ValuePositions {
  readonly #identity: ValueIdentity
  readonly #at: (position: number) => unknown
  /** By the head; several values that differ in their tails: by the tail. */
  readonly #byHead = new Map<string, number | Map<string, number>>()

  /** @param at The value at a position. Its key must not change while this index is in use. */
  constructor(identity: ValueIdentity, at: (position: number) => unknown) {
    this.#identity = identity
    this.#at = at
  }

  /** The position of a value with the key of this value; if there is none, sets the given one and returns undefined. */
  findOrSet(value: unknown, head: string, position: number): number | undefined {
    const first = this.#byHead.get(head)
    if (first === undefined) {
      this.#byHead.set(head, position)
      return undefined
    }
    const { tailOf } = this.#identity
    const tail = tailOf(value, head)
    if (typeof first !== 'number') {
      const found = first.get(tail)
      if (found === undefined) first.set(tail, position)
      return found
    }
    const other = tailOf(this.#at(first), head)
    if (other === tail) return first
    this.#byHead.set(head, new Map().set(other, first).set(tail, position))
    return undefined
  }

  /** Sets another position for a value that {@link findOrSet} has found. */
  move(value: unknown, head: string, position: number): void {
    const first = this.#byHead.get(head)
    if (typeof first === 'object') first.set(this.#identity.tailOf(value, head), position)
    else this.#byHead.set(head, position)
  }

  /** The position of the value whose key this is. For values whose head is their key. */
  findKey(key: string): number | undefined {
    const found = this.#byHead.get(key)
    return typeof found === 'number' ? found : undefined
  }
}
