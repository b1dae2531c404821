import { constantOperand } from '../fields/constant.js'
import { fieldKind } from '../fields/kind.js'
import { entryOf, type FieldMapping, isSplit, readFields } from '../fields/mapping.js'
import type { FieldOperand, FieldPlace } from '../fields/place.js'
import type { Attribute } from '../schema/model/attribute.js'
import { type MongoCondition, mongoLogic, someElement } from './condition.js'
import type { ArrayMapping } from './mapping.js'
import { mongoOperand } from './operand.js'
import type { ReadDocument } from './read-mapping.js'

type MongoPlace = FieldPlace<MongoCondition>

/** Where the attributes of a resource are in a document. */
export function documentPlace(mapping: ReadDocument): MongoPlace {
  const { fields } = mapping
  const place: MongoPlace = {
    value: (attribute) => {
      const entry = entryOf(fields, attribute)
      if (entry && 'constant' in entry) return constantOperand(entry, attribute, mongoLogic)
      if (entry && 'array' in entry) return undefined
      return operandAt(entry ?? fieldOf(mapping, attribute), attribute)
    },
    object: (attribute) => {
      const field = fieldOf(mapping, attribute)
      if (!isSplit(fields, attribute)) return field && { place, present: { [field.field]: { $ne: null } } }
      return { place, present: anyValue(attribute.subAttributes) }
    },
    list: (attribute) => {
      const entry = entryOf(fields, attribute)
      if (entry && 'array' in entry) return arrayOf(entry)
      const field = isSplit(fields, attribute) ? undefined : fieldOf(mapping, attribute)
      return field && listAt(field.field, attribute)
    },
  }

  /** A complex attribute whose parts are separate fields exists if one of the parts has a value. */
  function anyValue(parts: readonly Attribute[]): MongoCondition | undefined {
    const conditions: MongoCondition[] = []
    for (const part of parts) {
      if (part.type !== 'complex' && !part.multiValued) {
        const operand = place.value(part)
        // A part without a field has no value.
        if (operand) conditions.push(mongoLogic.not(operand.missing ?? mongoLogic.nothing))
        else if (fieldOf(mapping, part)) return undefined
      } else if (fieldOf(mapping, part) || isSplit(fields, part)) return undefined
    }
    return mongoLogic.any(conditions)
  }

  return place
}

/** The field of an attribute: its own entry, or the path below the field of its parent. */
export function fieldOf(mapping: ReadDocument, attribute: Attribute): FieldMapping | undefined {
  const entry = entryOf(mapping.fields, attribute)
  if (entry) return 'field' in entry ? entry : undefined
  const holder = attribute.parent ?? attribute.extension
  const base = holder ? fieldOf(mapping, holder)?.field : mapping.rest
  return base === undefined || !isPathPart(attribute.name) ? undefined : { field: joined(base, attribute.name) }
}

/** In MongoDB a dot separates the names of a path, and `$ref` has a meaning of its own. */
function isPathPart(name: string): boolean {
  return !name.includes('.') && !name.startsWith('$')
}

function joined(base: string, name: string): string {
  return base === '' ? name : `${base}.${name}`
}

function operandAt(field: FieldMapping | undefined, attribute: Attribute): FieldOperand<MongoCondition> | undefined {
  const kind = field && fieldKind(field, attribute)
  return kind && mongoOperand(kind)
}

/** An array whose elements have the shape of SCIM. */
function listAt(array: string, list: Attribute): ReturnType<MongoPlace['list']> {
  const hasObjects = list.type === 'complex'
  const element: MongoPlace = {
    value: (attribute) => {
      // For simple values the field is the element itself, which always exists.
      if (attribute === list) return operandAt({ field: '', required: true }, attribute)
      return isPathPart(attribute.name) ? operandAt({ field: attribute.name }, attribute) : undefined
    },
    object: () => undefined,
    list: (attribute) => (isPathPart(attribute.name) ? listAt(attribute.name, attribute) : undefined),
  }
  return { element, some: (condition) => someElement(array, condition, hasObjects) }
}

/** An array whose elements use other names for the sub-attributes. */
function arrayOf({ array, attributes }: ArrayMapping): ReturnType<MongoPlace['list']> {
  const fields = readFields<Exclude<ArrayMapping['attributes'][string], string>>(attributes)
  const hasObjects = ![...fields.values()].some((entry) => 'field' in entry && entry.field === '')
  const element: MongoPlace = {
    value: (attribute) => {
      const isElement = attribute.multiValued && attribute.type !== 'complex'
      const entry = fields.get(isElement ? 'value' : attribute.name.toLowerCase())
      if (entry === undefined) return undefined
      if ('constant' in entry) return constantOperand(entry, attribute, mongoLogic)
      return operandAt(hasObjects ? entry : { ...entry, required: true }, attribute)
    },
    object: () => undefined,
    list: () => undefined,
  }
  return { element, some: (condition) => someElement(array, condition, hasObjects) }
}
