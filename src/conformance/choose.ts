import type { Attribute } from '../schema/attribute.js'
import { isUnreadable } from '../schema/unreadable.js'
import type { Subject } from './subject.js'

/** The attributes that a check may choose from: single ones, of the resource and its extensions, and parts of complex ones. */
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

/** A single attribute of the resource with a free text that need not be unique, compared in a given way. */
export function freeText(subject: Subject, caseExact: boolean): Attribute | undefined {
  return simpleOnes(subject).find(
    (attribute) => isFreeText(attribute) && attribute.caseExact === caseExact && attribute.keys.length === 1,
  )
}

/** A free text in an extension, or in a complex attribute. */
export function innerText(subject: Subject, where: 'extension' | 'parent'): Attribute | undefined {
  return simpleOnes(subject).find((attribute) => isFreeText(attribute) && attribute[where] !== undefined)
}

function isFreeText({ type, uniqueness, canonicalValues }: Attribute): boolean {
  return type === 'string' && uniqueness === 'none' && canonicalValues.length === 0
}

/** A single attribute of a type. */
export function single(subject: Subject, ...types: readonly Attribute['type'][]): Attribute | undefined {
  return simpleOnes(subject).find(({ type, parent }) => types.includes(type) && parent === undefined)
}

/** The attributes of which no two resources may have the same value. */
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
    const isPlain = parts.every((part) => part?.type === 'string' && subject.isKept(part))
    return multiValued && type === 'complex' && mutability === 'readWrite' && isPlain && !attribute.subAttribute('$ref')
  })
}

/** A multi-valued attribute without sub-attributes. */
export function simpleList(subject: Subject): Attribute | undefined {
  return subject.attributes.find(
    ({ multiValued, type, mutability }) =>
      multiValued && mutability === 'readWrite' && (type === 'string' || type === 'integer' || type === 'decimal'),
  )
}
