import type { Attribute } from '../../schema/model/attribute.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import type { Subject } from './subject.js'

/**
 * The attributes that a check may use: singular ones of the resource and its extensions, and sub-attributes of complex
 * ones.
 */
function simpleOnes(subject: Subject): readonly Attribute[] {
  return subject.attributes
    .flatMap((attribute) =>
      attribute.type === 'complex' && !attribute.multiValued ? attribute.subAttributes : attribute,
    )
    .filter(
      (attribute) =>
        attribute.type !== 'complex' &&
        !attribute.multiValued &&
        attribute.mutability === 'readWrite' &&
        !isUnreadable(attribute) &&
        subject.isKept(attribute) &&
        !attribute.parent?.subAttribute('$ref'),
    )
}

/** A singular text attribute of the resource that is free, need not be unique, and is compared as given. */
export function freeText(subject: Subject, caseExact: boolean): Attribute | undefined {
  return simpleOnes(subject).find(
    (attribute) => isFreeText(attribute) && attribute.caseExact === caseExact && attribute.keys.length === 1,
  )
}

/** A free text in an extension, or in a complex attribute. */
export function innerText(subject: Subject, where: 'extension' | 'parent'): Attribute | undefined {
  return simpleOnes(subject).find((attribute) => isFreeText(attribute) && attribute[where] !== undefined)
}

function isFreeText(attribute: Attribute): boolean {
  return attribute.type === 'string' && attribute.uniqueness === 'none' && takesAnyText(attribute)
}

/** Whether the resource type accepts every text for the attribute. */
function takesAnyText({ canonicalValues, isValid }: Attribute): boolean {
  return canonicalValues.length === 0 && isValid === undefined
}

/** All singular text attributes, also unique ones and those of complex attributes and extensions. */
export function plainTexts(subject: Subject): readonly Attribute[] {
  return simpleOnes(subject).filter((attribute) => attribute.type === 'string' && takesAnyText(attribute))
}

/** A singular attribute of one of these types. */
export function single(subject: Subject, ...types: readonly Attribute['type'][]): Attribute | undefined {
  return simpleOnes(subject).find(({ type, parent }) => types.includes(type) && parent === undefined)
}

/** The attributes whose values must be unique. */
export function uniqueTexts(subject: Subject): readonly Attribute[] {
  return subject.attributes.filter(
    ({ type, multiValued, uniqueness, mutability }) =>
      type === 'string' && !multiValued && uniqueness !== 'none' && mutability === 'readWrite',
  )
}

/** A multi-valued complex attribute whose values have a type, such as emails. */
export function typedList(subject: Subject): Attribute | undefined {
  return subject.attributes.find((attribute) => {
    const { multiValued, type, mutability } = attribute
    const parts = [attribute.subAttribute('value'), attribute.subAttribute('type')]
    const isPlain = parts.every((part) => part?.type === 'string' && subject.isKept(part) && mayHold(part))
    return multiValued && type === 'complex' && mutability === 'readWrite' && isPlain && !attribute.subAttribute('$ref')
  })
}

/** Whether the resource type accepts the values that checks write to the attribute. */
function mayHold({ isValid, enforceCanonicalValues, canonicalValues }: Attribute): boolean {
  if (isValid !== undefined) return false
  return !enforceCanonicalValues || ['work', 'home', 'other'].every((type) => canonicalValues.includes(type))
}

/** A multi-valued attribute without sub-attributes. */
export function simpleList(subject: Subject): Attribute | undefined {
  return subject.attributes.find((attribute) => {
    const { multiValued, mutability, type } = attribute
    const isSimple = type === 'integer' || type === 'decimal' || (type === 'string' && takesAnyText(attribute))
    return multiValued && mutability === 'readWrite' && isSimple
  })
}
