import type { Tolerate } from '../../compatibility.js'
import { ScimError } from '../../error.js'
import { toValuePredicate } from '../../filter/evaluate.js'
import { hasOwn } from '../../has-own.js'
import type { InTurns } from '../../in-turns.js'
import { isObject } from '../../is-object.js'
import { conditionsOf } from '../../patch/apply.js'
import { createdValue } from '../../patch/created-value.js'
import { isServers, objectOf, targetOf, whole } from '../../patch/expand.js'
import type { PatchLimits } from '../../patch/patch-op.js'
import type { PatchTarget } from '../../patch/path.js'
import { isAssigned, isSame } from '../../patch/same.js'
import { VisitBudget } from '../../patch/visit-budget.js'
import type { ResourceSchema } from '../../schema/define/schema.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { requireIgnorable } from '../../schema/reading/read-complex.js'
import { type IdentifyReference, quoteName, type ReadAhead } from '../../schema/reading/reading.js'
import { canonicalizeValue } from '../../schema/resources/canonicalize.js'

/** The schema and the settings for reading the body of a POST or PUT. */
export interface BodyReading {
  readonly schema: ResourceSchema
  readonly tolerate: Tolerate
  readonly identify: IdentifyReference | undefined
  /** How large the path in a key may be. */
  readonly limits?: PatchLimits
  /** Values of long lists that have been read before. */
  readonly ahead?: ReadAhead | undefined
}

/** The keys of a body that are no attributes of the resource; undefined if there are none. */
export function strayKeys({ root }: ResourceSchema, body: unknown): readonly string[] | undefined {
  if (!isObject(body)) return undefined
  let keys: string[] | undefined
  for (const key in body) {
    if (!hasOwn.call(body, key) || root.subAttribute(key) !== undefined) continue
    keys ??= []
    keys.push(key)
  }
  return keys
}

/**
 * The body of a POST or PUT with every key at the place that it names by tolerance (`dottedKeys`), as in a PATCH
 * without path: "name.givenName", "urn:…:User:department", an attribute of an extension without its URN, attributes
 * below the URN of the base schema. A key that names nothing is left out by tolerance (`unknownAttribute`); without it
 * the body stays as it is, to be refused. Stops wherever others may have their turn.
 *
 * @param keys The keys that {@link strayKeys} has found.
 */
export function placeKeys(reading: BodyReading, body: JsonObject, keys: readonly string[]): InTurns<JsonObject> {
  return new KeyPlacer(reading, body).place(keys)
}

// Keys that are looked at in one go.
const STRETCH = 256

/** An object that members are placed into: a copy, and the keys that it has for the attributes of its holder. */
interface PlacedObject {
  readonly object: JsonObject
  readonly keys: Map<Attribute, string>
}

class KeyPlacer {
  readonly #reading: BodyReading
  readonly #body: JsonObject
  readonly #root: PlacedObject
  readonly #places = new Map<Attribute, PlacedObject>()
  readonly #lists = new Map<Attribute, JsonObject[]>()
  readonly #visits = new VisitBudget()
  #seen = 0

  constructor(reading: BodyReading, body: JsonObject) {
    this.#reading = reading
    this.#body = body
    this.#root = { object: {}, keys: new Map() }
  }

  *place(keys: readonly string[]): InTurns<JsonObject> {
    const { schema, tolerate } = this.#reading
    for (const key of Object.keys(this.#body)) {
      if (this.#isLong()) yield
      const attribute = schema.root.subAttribute(key)
      if (attribute === undefined) continue
      claim(this.#root, attribute, key)
      this.#root.object[key] = this.#body[key]
    }
    const isBase = (key: string): boolean => key.includes(':') && schema.urn(key) === schema.base.id
    // Lists come before their single values.
    for (const key of [...keys.filter(isBase), ...keys.filter((key) => !isBase(key))]) {
      const isPlaced = yield* this.#placeKey(this.#body, key)
      if (!isPlaced && !tolerate('unknownAttribute', quoteName(schema.root, key))) return this.#body
    }
    return this.#root.object
  }

  #isLong(): boolean {
    this.#seen += 1
    return this.#seen % STRETCH === 0
  }

  /** Whether the key names a place. */
  *#placeKey(holder: JsonObject, key: string): InTurns<boolean> {
    const { schema, tolerate } = this.#reading
    if (this.#isLong()) yield
    const urn = key.endsWith(':') ? schema.urn(key.slice(0, -1)) : undefined
    if (urn !== undefined && !tolerate('trailingColon', urn)) return false
    if ((urn ?? schema.urn(key)) === schema.base.id) return yield* this.#placeBase(holder[key])
    const extension = urn === undefined ? undefined : schema.root.subAttribute(urn)
    if (extension) return this.#placeTarget(whole(extension), holder[key])
    const target = targetOf(this.#reading, key)
    if (target === undefined || !tolerate('dottedKeys', quoteName(schema.root, key))) return false
    return this.#placeTarget(target, holder[key])
  }

  #placeTarget(target: PatchTarget, value: unknown): boolean {
    // RFC 7644 section 3.3: values of attributes that the server assigns are ignored.
    if (isServers(target.attribute) || target.subAttribute?.mutability === 'readOnly') return true
    if (target.attribute.multiValued && (target.filter || target.subAttribute)) return this.#placeInList(target, value)
    // A filter after a single value cannot choose a value that does not exist yet.
    if (target.filter) return false
    this.#set(this.#holderOf(target), target.subAttribute ?? target.attribute, value)
    return true
  }

  /** Attributes below the URN of the base schema, as some servers have them below that of an extension. */
  *#placeBase(value: unknown): InTurns<boolean> {
    const { schema, tolerate } = this.#reading
    if (!tolerate('dottedKeys', schema.base.id)) return false
    const attributes = objectOf(this.#reading, value, schema.base.id)
    if (attributes === undefined) return false
    for (const key of Object.keys(attributes)) {
      const attribute = schema.root.subAttribute(key)
      if (attribute === undefined) {
        const isPlaced = yield* this.#placeKey(attributes, key)
        if (!isPlaced) requireIgnorable(schema.root, key, tolerate)
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

  /**
   * A sub-attribute of all values, or of the values that match a filter; if there is none, a value is made (decision
   *
   */
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
  const place: PlacedObject = { object, keys: new Map() }
  for (const key of Object.keys(object)) {
    const attribute = holder.subAttribute(key)
    if (attribute) claim(place, attribute, key)
  }
  return place
}

/** Takes note of the key that an attribute has. */
function claim({ keys }: PlacedObject, attribute: Attribute, key: string): void {
  if (keys.has(attribute)) throw givenTwice(attribute)
  keys.set(attribute, key)
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

/** Decision A-26: it is unknown which of two values the client means. */
function givenTwice({ path }: Attribute): ScimError {
  return ScimError.invalidSyntax(`Attribute "${path}" is given more than once.`, { attribute: path })
}
