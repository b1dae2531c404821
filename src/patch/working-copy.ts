import { isObject } from '../is-object.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { ownProperty } from '../schema/values/values.js'
import { isEmpty, isSame } from './same.js'
import { ValueList } from './value-list.js'
import { VisitBudget } from './visit-budget.js'

/** A resource while operations are applied to it. It shares unchanged values with the stored resource. */
export class WorkingCopy {
  readonly #stored: JsonObject
  /** The stored object itself until the first write. */
  #result: JsonObject
  // One request writes few attributes, so arrays are cheaper than maps.
  readonly #lists: ValueList[] = []
  readonly #written: Attribute[] = []
  /** Limits the work of the operations. */
  readonly visits = new VisitBudget()

  constructor(stored: JsonObject) {
    this.#stored = stored
    this.#result = stored
  }

  /** The attributes that operations wrote, even if the value is the same. */
  get written(): readonly Attribute[] {
    return this.#written
  }

  /** The value of an attribute in the form of the store. */
  stored(attribute: Attribute): unknown {
    return read(this.#stored, attribute)
  }

  /** The value of an attribute now. */
  get(attribute: Attribute): unknown {
    const list = this.#listOf(attribute)
    return list ? list.close() : read(this.#result, attribute)
  }

  /** Sets a singular attribute; undefined unassigns it. */
  set(attribute: Attribute, value: unknown): void {
    if (!this.#written.includes(attribute)) this.#written.push(attribute)
    this.#write(attribute, value)
  }

  /** The values of a multi-valued attribute, for changes. */
  values(attribute: Attribute): ValueList {
    let list = this.#listOf(attribute)
    if (!list) {
      list = new ValueList(attribute, read(this.#stored, attribute), this.visits)
      this.#lists.push(list)
      this.#written.push(attribute)
    }
    return list
  }

  /** The resource now; the stored object itself if nothing has changed. */
  close(): JsonObject {
    for (const list of this.#lists) {
      const { attribute } = list
      const values = list.close()
      if (values !== read(this.#stored, attribute)) this.#write(attribute, values)
    }
    return this.#written.every((attribute) => this.#isAsStored(attribute)) ? this.#stored : this.#result
  }

  #listOf(attribute: Attribute): ValueList | undefined {
    return this.#lists.find((list) => list.attribute === attribute)
  }

  #isAsStored(attribute: Attribute): boolean {
    const before = read(this.#stored, attribute)
    const after = read(this.#result, attribute)
    // A list detects changes itself.
    return before === after || (!attribute.multiValued && isSame(attribute, before, after))
  }

  #write(attribute: Attribute, value: unknown): void {
    if (this.#result === this.#stored) this.#result = { ...this.#stored }
    const { extension, name } = attribute
    if (extension) {
      const holder = ownProperty(this.#result, extension.name)
      const changed: JsonObject = isObject(holder) ? { ...holder } : {}
      writeProperty(changed, name, value)
      writeProperty(this.#result, extension.name, isEmpty(changed) ? undefined : changed)
    } else writeProperty(this.#result, name, value)
  }
}

function read(resource: JsonObject, { extension, name }: Attribute): unknown {
  if (!extension) return ownProperty(resource, name)
  const holder = ownProperty(resource, extension.name)
  return isObject(holder) ? ownProperty(holder, name) : undefined
}

/** The object must be a copy that no other code uses. */
function writeProperty(object: JsonObject, name: string, value: unknown): void {
  if (value === undefined) delete object[name]
  else object[name] = value
}
