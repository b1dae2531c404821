import type { Draft } from '../../adapter/contract.js'
import { strict } from '../../compatibility.js'
import { ScimError } from '../../error.js'
import { propertiesOf } from '../../is-object.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { canonicalizeResource } from '../../schema/resources/canonicalize.js'
import { validateResource } from '../../schema/resources/validate.js'
import { docsAt } from '../../setup-error.js'
import type { Subject } from './subject.js'
import { type Seed, sampleValue } from './values.js'

/** A draft with a value of every attribute that the store keeps. */
export function fullDraft(subject: Subject, seed: Seed): JsonObject {
  return draftOf(subject, seed, subject.attributes)
}

/** A draft with the required attributes and the mark of its check. */
export function plainDraft(subject: Subject, seed: Seed): JsonObject {
  const needed = ({ required, extension }: Attribute): boolean => required && (extension?.required ?? true)
  return draftOf(
    subject,
    seed,
    subject.attributes.filter((attribute) => attribute === subject.mark || needed(attribute)),
  )
}

function draftOf(subject: Subject, seed: Seed, attributes: readonly Attribute[]): JsonObject {
  const draft: JsonObject = {}
  for (const attribute of attributes) assign(draft, attribute, sampleValue(subject, attribute, seed))
  const given = { ...draft, ...subject.options.sample?.(seed.number, seed.mark) }
  // A router adds the defaults to a created resource, so a store always receives them.
  for (const attribute of subject.attributes) {
    const { default: value } = attribute
    if (value !== undefined && value !== null && valueIn(given, attribute) === undefined) {
      assign(given, attribute, structuredClone(value))
    }
  }
  return given
}

/** Sets a value in a draft, also in the object of an extension; undefined removes it. */
export function assign(draft: JsonObject, { keys }: Attribute, value: unknown): void {
  const [first = '', second] = keys
  if (second === undefined) {
    if (value === undefined) delete draft[first]
    else draft[first] = value
    return
  }
  const holder: JsonObject = { ...propertiesOf(draft[first]) }
  if (value === undefined) delete holder[second]
  else holder[second] = value
  if (Object.keys(holder).length === 0) delete draft[first]
  else draft[first] = holder
}

/** The value of an attribute, also of a sub-attribute or of one in an extension. */
export function valueIn(resource: object, { keys }: Pick<Attribute, 'keys'>): unknown {
  return keys.reduce<unknown>((holder, key) => propertiesOf(holder)[key], resource)
}

/** The value of an attribute whose value is a text, also of a sub-attribute or of one in an extension. */
export function textIn(resource: object, attribute: Pick<Attribute, 'keys'>): string {
  return String(valueIn(resource, attribute))
}

/**
 * The draft as a router passes it on: canonical, valid, without the attributes that the server assigns. A deep copy.
 */
export function legalDraft({ name, schema }: Subject, draft: JsonObject, replace = false): Draft {
  try {
    const body = { schemas: [schema.base.id], ...structuredClone(draft) }
    const legal = canonicalizeResource(schema, body, { tolerate: strict, replace })
    validateResource(schema, legal, { replace })
    return legal
  } catch (error) {
    if (!ScimError.is(error)) throw error
    throw new Error(
      `The kit cannot make up a legal ${name}: ${error.message} Give the option "sample" (${docsAt('conformance-kit.md#sample')}).`,
    )
  }
}
