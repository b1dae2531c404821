import type { ValueIdentity } from './identity.js'

// Several values with different keys have the same head.
const SEVERAL = -1

/**
 * The positions of the values of a list by their keys. A key is put together only for a value whose head another value
 * has too: to put together the keys of a long list, and to collect them as garbage, takes several times as long.
 */
export class ValuePositions {
  readonly #identity: ValueIdentity
  readonly #at: (position: number) => unknown
  readonly #byHead = new Map<string, number>()
  readonly #byKey = new Map<string, number>()

  /** @param at The value at a position. Its key must not change while this index is in use. */
  constructor(identity: ValueIdentity, at: (position: number) => unknown) {
    this.#identity = identity
    this.#at = at
  }

  /** The last position that was set for a value with the key of this value. */
  find(value: unknown, head: string): number | undefined {
    const first = this.#byHead.get(head)
    if (first === undefined) return undefined
    if (first === SEVERAL) return this.#byKey.get(this.#identity.keyOf(value))
    return this.#identity.isSame(this.#at(first), value, head) ? first : undefined
  }

  set(value: unknown, head: string, position: number): void {
    const { keyOf, isSame } = this.#identity
    const first = this.#byHead.get(head)
    if (first === undefined || (first !== SEVERAL && isSame(this.#at(first), value, head))) {
      this.#byHead.set(head, position)
      return
    }
    if (first !== SEVERAL) {
      this.#byHead.set(head, SEVERAL)
      this.#byKey.set(keyOf(this.#at(first)), first)
    }
    this.#byKey.set(keyOf(value), position)
  }

  /** The position of the value whose key this is. For values whose head is their key. */
  findKey(key: string): number | undefined {
    return this.#byHead.get(key)
  }
}
