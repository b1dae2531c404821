import type { Attribute } from '../schema/attribute.js'
import type { JsonObject } from '../schema/resource.js'
import { isEmpty, isObject, isSame, ownMember } from './same.js'
import { ValueList } from './value-list.js'

/** A resource while operations are applied to it: what they do not touch is shared with the stored one. */
export class Draft {
  readonly #stored: JsonObject
  #result: JsonObject
  readonly #lists = new Map<Attribute, ValueList>()
  readonly #written = new Set<Attribute>()

  constructor(stored: JsonObject) {
    this.#stored = stored
    this.#result = stored
  }

  /** The attributes that were written, whether that changed them or not. */
  get written(): ReadonlySet<Attribute> {
    return this.#written
  }

  /** The value of an attribute as the store has it. */
  stored(attribute: Attribute): unknown {
    return read(this.#stored, attribute)
  }

  /** The value of an attribute now. */
  get(attribute: Attribute): unknown {
    return this.#lists.has(attribute) ? this.values(attribute).close() : read(this.#result, attribute)
  }

  /** Gives an attribute a value; undefined unassigns it. */
  set(attribute: Attribute, value: unknown): void {
    this.#written.add(attribute)
    const before = read(this.#result, attribute)
    if (before === value || isSame(attribute, before, value)) return
    const { extension, name } = attribute
    if (!extension) {
      this.#result = withMember(this.#result, name, value)
      return
    }
    const holder = ownMember(this.#result, extension.name)
    const changed = withMember(isObject(holder) ? holder : {}, name, value)
    this.#result = withMember(this.#result, extension.name, isEmpty(changed) ? undefined : changed)
  }

  /** The values of a multi-valued attribute, to be worked on. */
  values(attribute: Attribute): ValueList {
    this.#written.add(attribute)
    let list = this.#lists.get(attribute)
    if (!list) {
      list = new ValueList(attribute, read(this.#result, attribute))
      this.#lists.set(attribute, list)
    }
    return list
  }

  /** The resource now; the stored object itself when nothing has changed. */
  close(): JsonObject {
    for (const [attribute, list] of this.#lists) this.set(attribute, list.close())
    return [...this.#written].every((attribute) => this.#isAsStored(attribute)) ? this.#stored : this.#result
  }

  #isAsStored(attribute: Attribute): boolean {
    return isSame(attribute, read(this.#stored, attribute), read(this.#result, attribute))
  }
}

function read(resource: JsonObject, { extension, name }: Attribute): unknown {
  if (!extension) return ownMember(resource, name)
  const holder = ownMember(resource, extension.name)
  return isObject(holder) ? ownMember(holder, name) : undefined
}

function withMember(object: JsonObject, name: string, value: unknown): JsonObject {
  if (value !== undefined) return { ...object, [name]: value }
  const { [name]: _gone, ...rest } = object
  return rest
}
