import type { Tolerate } from '../../compatibility.js'
import { ScimError } from '../../error.js'
import { toValuePredicate } from '../../filter/evaluate.js'
import { conditionsOf } from '../../patch/apply.js'
import { createdValue } from '../../patch/created-value.js'
import { isServers, objectOf, targetOf, whole } from '../../patch/expand.js'
import type { PatchTarget } from '../../patch/path.js'
import { isAssigned, isSame } from '../../patch/same.js'
import { VisitBudget } from '../../patch/visit-budget.js'
import type { Attribute } from '../../schema/attribute.js'
import { canonicalizeValue } from '../../schema/canonicalize.js'
import { type IdentifyReference, isObject, quoteName } from '../../schema/reading.js'
import type { JsonObject } from '../../schema/resource.js'
import type { ResourceSchema } from '../../schema/schema.js'

/** What the body of a POST or PUT is read with. */
export interface BodyReading {
  readonly schema: ResourceSchema
  readonly tolerate: Tolerate
  readonly identify: IdentifyReference | undefined
}

/**
 * The body of a POST or PUT with every key at the place that it names by tolerance (`dottedKeys`), as in a PATCH without path:
 * "name.givenName", "urn:…:User:department", an attribute of an extension without its URN, attributes below the URN of the
 * base schema. The body itself where there is no such key; a key that names nothing stays.
 */
export function placeKeys(reading: BodyReading, body: unknown): unknown {
  if (!isObject(body)) return body
  const { root } = reading.schema
  let keys: string[] | undefined
  for (const key of Object.keys(body)) {
    if (root.subAttribute(key) !== undefined) continue
    keys ??= []
    keys.push(key)
  }
  return keys === undefined ? body : new Placing(reading, body, keys).result()
}

/** An object that members are placed into: a copy, and the keys that it has for the attributes of its holder. */
interface PlacedObject {
  readonly object: JsonObject
  readonly keys: Map<Attribute, string>
}

class Placing {
  readonly #reading: BodyReading
  readonly #body: JsonObject
  readonly #root: PlacedObject
  readonly #places = new Map<Attribute, PlacedObject>()
  readonly #lists = new Map<Attribute, JsonObject[]>()
  readonly #visits = new VisitBudget()
  #isMoved = false

  constructor(reading: BodyReading, body: JsonObject, keys: readonly string[]) {
    const { root } = reading.schema
    this.#reading = reading
    this.#body = body
    const strays = new Set(keys)
    this.#root = placeOf(root, Object.fromEntries(Object.entries(body).filter(([key]) => !strays.has(key))))
    const isBase = (key: string): boolean => reading.schema.urn(key) === reading.schema.base.id
    // Lists come before their single values.
    for (const key of [...keys.filter(isBase), ...keys.filter((key) => !isBase(key))]) {
      if (this.#placeKey(key, body[key])) this.#isMoved = true
      else this.#root.object[key] = body[key]
    }
  }

  result(): JsonObject {
    return this.#isMoved ? this.#root.object : this.#body
  }

  /** Whether the key names a place. */
  #placeKey(key: string, value: unknown): boolean {
    const { schema, tolerate } = this.#reading
    const urn = key.endsWith(':') ? schema.urn(key.slice(0, -1)) : undefined
    if (urn !== undefined && !tolerate('trailingColon', urn)) return false
    if ((urn ?? schema.urn(key)) === schema.base.id) return this.#placeBase(value)
    const extension = urn === undefined ? undefined : schema.root.subAttribute(urn)
    const target = extension ? whole(extension) : targetOf(this.#reading, key)
    if (target === undefined || !tolerate('dottedKeys', quoteName(schema.root, key))) return false
    // RFC 7644 section 3.3: what the server says itself is ignored.
    if (isServers(target.attribute) || target.subAttribute?.mutability === 'readOnly') return true
    if (target.attribute.multiValued && (target.filter || target.subAttribute)) return this.#placeInList(target, value)
    // A filter behind one value chooses nothing that is not there yet.
    if (target.filter) return false
    this.#set(this.#holderOf(target), target.subAttribute ?? target.attribute, value)
    return true
  }

  /** Attributes below the URN of the base schema, as some servers have them below that of an extension. */
  #placeBase(value: unknown): boolean {
    const { schema, tolerate } = this.#reading
    if (!tolerate('dottedKeys', schema.base.id)) return false
    const attributes = objectOf(this.#reading, value, schema.base.id)
    if (attributes === undefined) return false
    for (const key of Object.keys(attributes)) {
      const attribute = schema.root.subAttribute(key)
      if (attribute === undefined) {
        if (!this.#placeKey(key, attributes[key])) this.#root.object[key] = attributes[key]
      } else if (!isServers(attribute)) this.#set(this.#root, attribute, attributes[key])
    }
    return true
  }

  #holderOf({ attribute, subAttribute }: PatchTarget): PlacedObject {
    const holder = attribute.extension ? this.#placeIn(this.#root, attribute.extension) : this.#root
    return subAttribute ? this.#placeIn(holder, attribute) : holder
  }

  /** The object of a complex attribute or extension, there or not. */
  #placeIn(holder: PlacedObject, attribute: Attribute): PlacedObject {
    let place = this.#places.get(attribute)
    if (place === undefined) {
      const given = memberOf(holder, attribute)
      const object = given === undefined || given === null ? {} : objectOf(this.#reading, given, attribute.path)
      if (object === undefined) throw givenTwice(attribute)
      place = placeOf(attribute, { ...object })
      this.#places.set(attribute, place)
      put(holder, attribute, place.object)
    }
    return place
  }

  /** Gives an attribute its value. It may have the same one already, or other parts of a complex one. */
  #set(holder: PlacedObject, attribute: Attribute, value: unknown): void {
    const before = memberOf(holder, attribute)
    if (before === undefined) {
      put(holder, attribute, value)
      return
    }
    if (attribute.type === 'complex' && !attribute.multiValued && isObject(value) && isObject(before)) {
      const place = this.#placeIn(holder, attribute)
      for (const key of Object.keys(value)) {
        const sub = attribute.subAttribute(key)
        if (sub) this.#set(place, sub, value[key])
        else place.object[key] = value[key]
      }
    } else if (!this.#isSame(attribute, before, value)) throw givenTwice(attribute)
  }

  #isSame(attribute: Attribute, one: unknown, other: unknown): boolean {
    const read = (value: unknown): unknown => canonicalizeValue(attribute, value, this.#reading)
    return isSame(attribute, read(one), read(other))
  }

  /** A sub-attribute of all values, or of those that meet a filter; a value is made where there is none (decision A-51). */
  #placeInList(target: PatchTarget, value: unknown): boolean {
    const { attribute, filter, subAttribute } = target
    if (attribute.type !== 'complex') return false
    // RFC 7643 section 2.5: null is "no value". To add that is to add nothing.
    if (value === null || value === undefined) return true
    const given = subAttribute ? { [subAttribute.name]: value } : value
    if (!isObject(given)) return false
    const list = this.#listOf(attribute)
    this.#visits.spend(attribute, list.length * conditionsOf(filter))
    const chosen = filter ? list.filter(toValuePredicate(filter, attribute, this.#visits.of(attribute))) : list
    for (const one of chosen) {
      const place = placeOf(attribute, one)
      for (const key of Object.keys(given)) {
        const sub = attribute.subAttribute(key)
        if (sub) this.#set(place, sub, given[key])
        else one[key] = given[key]
      }
    }
    if (chosen.length > 0) return true
    const made = filter ? createdValue(target, value) : given
    if (made === undefined || (filter && !this.#reading.tolerate('createMissingValue', attribute.path))) return false
    list.push({ ...made })
    put(this.#holderOf(whole(attribute)), attribute, list)
    return true
  }

  #listOf(attribute: Attribute): JsonObject[] {
    let list = this.#lists.get(attribute)
    if (list === undefined) {
      const holder = this.#holderOf(whole(attribute))
      const read = canonicalizeValue(attribute, memberOf(holder, attribute), this.#reading)
      list = isAssigned(read) ? (read as readonly JsonObject[]).map((one) => ({ ...one })) : []
      this.#lists.set(attribute, list)
      if (list.length > 0) put(holder, attribute, list)
    }
    return list
  }
}

function placeOf(holder: Attribute, object: JsonObject): PlacedObject {
  const keys = new Map<Attribute, string>()
  for (const key of Object.keys(object)) {
    const attribute = holder.subAttribute(key)
    if (attribute === undefined) continue
    if (keys.has(attribute)) throw givenTwice(attribute)
    keys.set(attribute, key)
  }
  return { object, keys }
}

function memberOf({ object, keys }: PlacedObject, attribute: Attribute): unknown {
  const key = keys.get(attribute)
  return key === undefined ? undefined : object[key]
}

function put({ object, keys }: PlacedObject, attribute: Attribute, value: unknown): void {
  const key = keys.get(attribute) ?? attribute.name
  keys.set(attribute, key)
  object[key] = value
}

/** Decision A-26: nobody knows which of two values is meant. */
function givenTwice({ path }: Attribute): ScimError {
  return ScimError.invalidSyntax(`Attribute "${path}" is given more than once.`, { attribute: path })
}
