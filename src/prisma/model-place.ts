import { constantOperand } from '../fields/constant.js'
import { fieldKind } from '../fields/kind.js'
import { type ConstantMapping, entryOf, type FieldMapping, isSplit, readFields } from '../fields/mapping.js'
import type { FieldOperand, FieldPlace } from '../fields/place.js'
import type { Attribute } from '../schema/model/attribute.js'
import { prismaLogic, someRecord, type TernaryCondition } from './condition.js'
import type { RelationMapping } from './mapping.js'
import { prismaOperand } from './operand.js'
import type { TextMatching } from './provider.js'
import type { ReadModel } from './read-mapping.js'

type ModelPlace = FieldPlace<TernaryCondition>

/** Where the attributes of a resource are in a model and its relations. */
export function modelPlace(model: ReadModel, matching: TextMatching): ModelPlace {
  const place: ModelPlace = {
    value: (attribute) => {
      const entry = entryOf(model, attribute)
      return entry && !('relation' in entry) ? operandOf(entry, attribute, matching) : undefined
    },
    object: (attribute) => {
      if (!isSplit(model, attribute)) return undefined
      // Only the mapped sub-attributes exist here.
      const mapped = attribute.subAttributes.filter((sub) => entryOf(model, sub) !== undefined || isSplit(model, sub))
      const parts = mapped.map((sub) => (sub.multiValued ? undefined : place.value(sub)))
      const present = parts.map((part) => part && prismaLogic.not(part.missing ?? prismaLogic.nothing))
      return {
        place,
        present: present.every((one) => one !== undefined) ? prismaLogic.any(present) : undefined,
      }
    },
    list: (attribute) => {
      const entry = entryOf(model, attribute)
      return entry && 'relation' in entry ? relationOf(entry, matching) : undefined
    },
  }
  return place
}

function operandOf(
  entry: FieldMapping | ConstantMapping,
  attribute: Attribute,
  matching: TextMatching,
): FieldOperand<TernaryCondition> | undefined {
  if ('constant' in entry) return constantOperand(entry, attribute, prismaLogic)
  const kind = fieldKind(entry, attribute)
  return kind && prismaOperand(kind, matching)
}

function relationOf(
  { relation, where, attributes }: RelationMapping,
  matching: TextMatching,
): ReturnType<ModelPlace['list']> {
  const fields = readFields<ConstantMapping>(attributes)
  const element: ModelPlace = {
    value: (attribute) => {
      const isSimple = attribute.multiValued && attribute.type !== 'complex'
      const entry = fields.get(isSimple ? 'value' : attribute.name.toLowerCase())
      return entry && operandOf(entry, attribute, matching)
    },
    object: () => undefined,
    list: () => undefined,
  }
  return { element, some: (condition) => someRecord(relation, where, condition) }
}
