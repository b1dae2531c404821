import { tolerant } from '../../compatibility.js'
import { hasOwn } from '../../has-own.js'
import { isObject } from '../../is-object.js'
import { type Attribute, valueAttribute } from '../../schema/model/attribute.js'
import { LargeValue } from '../../schema/projection/large-value.js'
import { attributeNamed } from '../../schema/projection/project.js'
import { withoutColon } from '../../schema/values/trailing-colon.js'
import type { Provider } from '../setup/provider.js'
import type { ResourceType } from '../setup/resource-type.js'
import type { Secrets } from './secrets.js'

export const UNKNOWN = '[unknown]'
const HIDDEN = '[hidden]'
export const CUT = '[cut]'
const MOST_ELEMENTS = 20
/** Members of an object that are looked up by their names. */
const MOST_MEMBERS = 1_000
/** Characters that a message may take in a recording, names and values together. */
const MOST_CHARACTERS = 32_000
const DEEPEST = 12
const QUOTED = /"[^"]*"?/g
const JSON_TEXT = /^\s*[[{]/

/** The type and length of a value instead of the value. */
export function form(value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return `[text, ${value.length}]`
  if (Array.isArray(value)) return `[list, ${value.length}]`
  return `[${typeof value}]`
}

/** Whether an attribute, or the attribute that contains it, is never returned. */
function isNeverShown({ returned, mutability, parent, extension }: Attribute): boolean {
  if (returned === 'never' || mutability === 'writeOnly') return true
  return (parent !== undefined && isNeverShown(parent)) || (extension !== undefined && isNeverShown(extension))
}

/**
 * Makes the recorded form of one message. Each part of it is allowed: names by the schema, values by being a
 * word of the service or by `values`. All else is `[unknown]`.
 */
export class Viewer {
  #left = MOST_CHARACTERS

  /** @param words Texts that say nothing about a person: URIs of schemas, names of resource types. */
  constructor(
    private readonly words: ReadonlySet<string>,
    readonly values: boolean,
    private readonly secrets: Secrets,
  ) {}

  /** A resource, or a part of it that names attributes from the resource on. */
  resource(type: ResourceType, body: unknown): unknown {
    return this.value(body, type.schema.root, type)
  }

  /** The value of an attribute. */
  value(value: unknown, attribute: Attribute, type: ResourceType, depth = 0): unknown {
    if (isNeverShown(attribute)) return this.#hide(value)
    if (value instanceof LargeValue) return '[list]'
    if (this.#left <= 0 || depth > DEEPEST) return CUT
    if (Array.isArray(value)) return this.list(value, (each) => this.value(each, attribute, type, depth + 1))
    if (typeof value === 'string' && JSON_TEXT.test(value)) return this.#jsonText(value, attribute, type, depth)
    if (attribute.type === 'complex') {
      if (isObject(value)) return this.#members(value, attribute, type, depth)
      const simple = valueAttribute(attribute)
      return simple ? this.value(value, simple, type, depth + 1) : this.#spend(form(value))
    }
    // An object in place of a simple value: its member "value" is that value (tolerance objectForSimple).
    if (isObject(value)) return this.members(value, { value: (each) => this.value(each, attribute, type, depth + 1) })
    return this.#simple(value, attribute)
  }

  /** A value that the protocol has and no attribute: shown if it is one of the words, and else by its form. */
  word(value: unknown, words: readonly string[] = []): unknown {
    const isWord = typeof value === 'string' && (this.words.has(value) || words.includes(value.toLowerCase()))
    return this.#spend(isWord ? value : form(value))
  }

  /** A number that the protocol has. */
  number(value: unknown): unknown {
    const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d{1,9}$/.test(value))
    return this.#spend(isNumber ? value : form(value))
  }

  /** The text of an error, which may repeat values, and may quote names that no schema has. */
  detail(value: unknown): unknown {
    return this.#spend(this.values && typeof value === 'string' ? value.replace(QUOTED, '"…"') : form(value))
  }

  /** The first elements of a list, and how many more there are. */
  list(values: readonly unknown[], show: (value: unknown) => unknown): readonly unknown[] {
    const shown: unknown[] = []
    for (const value of values) {
      if (shown.length === MOST_ELEMENTS || this.#left <= 0) break
      shown.push(show(value))
    }
    const more = values.length - shown.length
    return more > 0 ? [...shown, `[${more} more]`] : shown
  }

  /** An object of the protocol: its known members, in any letter case. */
  members(value: unknown, known: Readonly<Record<string, (value: unknown) => unknown>>): unknown {
    if (!isObject(value)) return this.#spend(form(value))
    const names = new Map(Object.keys(known).map((name) => [name.toLowerCase(), name]))
    return this.#object(value, (given, member) => {
      const name = names.get(given.toLowerCase())
      return name === undefined ? undefined : [name, () => known[name]?.(member)]
    })
  }

  #members(value: Readonly<Record<string, unknown>>, holder: Attribute, type: ResourceType, depth: number): unknown {
    return this.#object(value, (given, member) => {
      const found = holder.subAttribute(given) ?? attributeUnder(holder, given, type)
      const name = found?.path === '' ? type.schema.base.id : holder.subAttribute(given) ? found?.name : found?.path
      return found && name !== undefined ? [name, () => this.value(member, found, type, depth + 1)] : undefined
    })
  }

  #object(
    value: Readonly<Record<string, unknown>>,
    find: (name: string, member: unknown) => readonly [name: string, show: () => unknown] | undefined,
  ): unknown {
    const shown: Record<string, unknown> = {}
    let unknown = 0
    let looked = 0
    let more = 0
    for (const given in value) {
      // A member that is left out when the message is written.
      const member = hasOwn.call(value, given) ? value[given] : undefined
      if (member === undefined) continue
      looked += 1
      if (looked > MOST_MEMBERS) {
        more += 1
        continue
      }
      const found = find(given, member)
      if (found === undefined) {
        unknown += 1
        continue
      }
      const [name, show] = found
      this.#left -= name.length
      shown[name] = show()
    }
    if (unknown > 0) shown[UNKNOWN] = unknown
    if (more > 0) shown[CUT] = more
    return shown
  }

  /**
   * JSON in a text is shown as its content (tolerance jsonText). A text that only looks like JSON may hold any data,
   * and one that is longer than a recording is not parsed.
   */
  #jsonText(text: string, attribute: Attribute, type: ResourceType, depth: number): unknown {
    if (text.length > MOST_CHARACTERS) return this.#spend(form(text))
    let parsed: unknown
    try {
      parsed = JSON.parse(text)
    } catch {
      return this.#spend(form(text))
    }
    return { '[JSON text]': this.value(parsed, attribute, type, depth + 1) }
  }

  #simple(value: unknown, { canonicalValues }: Attribute): unknown {
    if (typeof value === 'string' && (this.words.has(value) || canonicalValues.includes(value)))
      return this.#spend(value)
    const isShown = this.values && ['string', 'number', 'boolean'].includes(typeof value)
    return this.#spend(isShown ? value : value instanceof Date && this.values ? value.toISOString() : form(value))
  }

  /** Hides the value, and remembers it, so that it is hidden everywhere. */
  #hide(value: unknown): unknown {
    if (typeof value === 'string' || typeof value === 'number') this.secrets.add(String(value))
    else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) this.#hide(each)
    return HIDDEN
  }

  #spend(shown: unknown): unknown {
    if (this.#left <= 0) return CUT
    this.#left -= typeof shown === 'string' ? shown.length : 8
    return shown
  }
}

/**
 * The attribute that a key stands for which is a path: `name.givenName`, `urn:…:User:department` (tolerance
 * dottedKeys).
 */
function attributeUnder(holder: Attribute, key: string, { schema }: ResourceType): Attribute | undefined {
  if (holder === schema.root) return attributeNamed(schema, withoutColon(key, tolerant))
  const [name = '', sub, ...rest] = key.split('.')
  return sub === undefined || rest.length > 0 ? undefined : holder.subAttribute(name)?.subAttribute(sub)
}

/** The words of a service. */
export function wordsOf({ types }: Provider, messages: readonly string[]): ReadonlySet<string> {
  const schemas = types.flatMap(({ schema }) => [schema.base.id, ...schema.extensions.map((each) => each.schema.id)])
  return new Set([...types.map(({ name }) => name), ...schemas, ...messages])
}
