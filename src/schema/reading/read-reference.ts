import { ScimError } from '../../error.js'
import { type Attribute, valueAttribute } from '../model/attribute.js'
import type { ReadContext } from './reading.js'

type Value = Readonly<Record<string, unknown>>

/** Whether a value of a reference names the resource that it points to. */
export function isIdentified(attribute: Attribute, value: unknown): boolean {
  const id = (value as Value | null | undefined)?.[valueAttribute(attribute)?.name ?? 'value']
  return (typeof id === 'string' && id !== '') || typeof id === 'number'
}

/**
 * One value of a list of references, with its id. RFC 7643 section 4.2: "value" is the "identifier of the member", and
 * without it the target is unknown, so the value is refused: neither dropped nor stored (decision A-140).
 *
 * @param isNamed Whether the client has sent "value", empty or not.
 */
export function readReference(attribute: Attribute, read: Value | undefined, isNamed: boolean, reading: ReadContext) {
  if (read === undefined) {
    if (reading.remove) return undefined
  } else if (isIdentified(attribute, read)) return read
  else if (isNamed) {
    if (reading.remove) return undefined
  } else if (typeof read.$ref === 'string') {
    const found = withIdentifier(attribute, read, reading)
    if (found) return found
    throw ScimError.invalidValue(
      `A value of attribute "${attribute.path}" has no "value", and its "$ref" is not the URI of a resource that the attribute may point to.`,
      { attribute: attribute.path },
    )
  } else if (reading.remove) return read
  throw lacksIdentifier(attribute)
}

/**
 * The value of a reference that is no list, with its id; without an id in its "$ref" the target stays open.
 *
 * @param isNamed Whether the client has sent "value", empty or not.
 */
export function readSingleReference(attribute: Attribute, read: Value, isNamed: boolean, reading: ReadContext): Value {
  return isNamed ? read : (withIdentifier(attribute, read, reading) ?? read)
}

function withIdentifier(attribute: Attribute, read: Value, { identify, tolerate }: ReadContext): Value | undefined {
  const id = identify?.(attribute, read)
  if (id === undefined || id === '' || !tolerate('referenceByUri', attribute.path)) return undefined
  return { ...read, [valueAttribute(attribute)?.name ?? 'value']: id }
}

/** The error for a reference without an identifier. */
export function lacksIdentifier(attribute: Attribute): ScimError {
  return ScimError.invalidValue(
    `Each value of attribute "${attribute.path}" must have a "value": the id of a resource.`,
    {
      attribute: attribute.path,
    },
  )
}
