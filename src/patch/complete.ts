import { isObject } from '../is-object.js'
import { memo } from '../memo.js'
import { type Attribute, isResourceReference } from '../schema/model/attribute.js'
import { isIdentified, lacksIdentifier } from '../schema/reading/read-reference.js'
import { cannotUnassign, missing } from '../schema/resources/required.js'
import { ownProperty } from '../schema/values/values.js'
import { isAssigned } from './same.js'
import type { WorkingCopy } from './working-copy.js'

/**
 * Checks that the values written by the operations are complete. Values that the client has not changed are not
 * checked. At most one value is primary, because writing one sets the others to false.
 */
export function requireComplete(draft: WorkingCopy): void {
  const extensions: Attribute[] = []
  for (const attribute of draft.written) {
    const before = draft.stored(attribute)
    const after = draft.get(attribute)
    if (before === after) continue
    if (attribute.type === 'complex') requireParts(attribute, before, after)
    if (attribute.multiValued && isResourceReference(attribute)) requireIdentified(attribute, before, after)
    if (!attribute.extension) requireKept(draft, attribute)
    else if (!extensions.includes(attribute.extension)) extensions.push(attribute.extension)
  }
  for (const extension of extensions) requireExtension(draft, extension)
}

/** RFC 7643 section 2.2: a required sub-attribute is required if the complex attribute has a value. */
function requireParts(attribute: Attribute, before: unknown, after: unknown): void {
  const required = requiredParts(attribute)
  if (required.length === 0 || !isAssigned(after)) return
  const present = new Set(Array.isArray(before) ? before : [])
  for (const value of Array.isArray(after) ? after : [after]) {
    if (!present.has(value)) requireAll(required, (sub) => (isObject(value) ? ownProperty(value, sub.name) : undefined))
  }
}

/** A reference without an identifier must not reach the store: a path such as "members.display" could create one. */
function requireIdentified(attribute: Attribute, before: unknown, after: unknown): void {
  const unclear = Array.isArray(after) ? after.filter((value) => !isIdentified(attribute, value)) : []
  if (unclear.length === 0) return
  const present = new Set(Array.isArray(before) ? before : [])
  if (!unclear.every((value) => present.has(value))) throw lacksIdentifier(attribute)
}

/**
 * RFC 7644 section 3.5.2.2: "If an attribute is removed or becomes unassigned and is defined as a required attribute or
 * a read-only attribute, the server SHALL return … a "scimType" error code of "mutability"."
 */
function requireKept(draft: WorkingCopy, attribute: Attribute): void {
  if (attribute.required && isAssigned(draft.stored(attribute)) && !isAssigned(draft.get(attribute))) {
    throw cannotUnassign(attribute)
  }
}

/** The required attributes of an extension are required if the resource has data of the extension. */
function requireExtension(draft: WorkingCopy, extension: Attribute): void {
  const required = requiredParts(extension)
  if (required.length === 0 && !extension.required) return
  const before = extension.subAttributes.some((attribute) => isAssigned(draft.stored(attribute)))
  const after = extension.subAttributes.some((attribute) => isAssigned(draft.get(attribute)))
  if (!after) {
    if (before && extension.required) throw cannotUnassign(extension)
  } else if (!before) {
    requireAll(required, (attribute) => draft.get(attribute))
  } else {
    for (const attribute of required) requireKept(draft, attribute)
  }
}

/** The sub-attributes that a client must send. */
const requiredParts = memo((attribute: Attribute) =>
  attribute.subAttributes.filter((sub) => sub.required && sub.mutability !== 'readOnly'),
)

function requireAll(attributes: readonly Attribute[], read: (attribute: Attribute) => unknown): void {
  const lacking = attributes.find((attribute) => !isAssigned(read(attribute)))
  if (lacking) throw missing(lacking)
}
