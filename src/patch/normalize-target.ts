import { ScimError } from '../error.js'
import { isObject } from '../is-object.js'
import { type Attribute, isResourceReference, valueAttribute } from '../schema/model/attribute.js'
import { isIdentified, lacksIdentifier } from '../schema/reading/read-reference.js'
import { canonicalizeElement, canonicalizeValue } from '../schema/resources/canonicalize.js'
import { cannotUnassign } from '../schema/resources/required.js'
import { isUnreadable } from '../schema/resources/unreadable.js'
import { validateElement, validateValue } from '../schema/resources/validate.js'
import { ownProperty } from '../schema/values/values.js'
import { createdValue, namedValue } from './created-value.js'
import { lacksValue, listsValues } from './expand.js'
import type { PatchOperation } from './patch.js'
import { limitValues } from './patch-op.js'
import type { PatchTarget } from './path.js'
import { isAssigned } from './same.js'
import type { PatchContext, TargetedOperation } from './target.js'

/** Checks an operation and converts its value to canonical form; undefined if the operation changes nothing. */
export function normalizeTarget(
  scope: PatchContext,
  { op, target, value, repeats }: TargetedOperation,
): PatchOperation | undefined {
  const { attribute, subAttribute } = target
  if (repeats) return operationAt('replace', target, value ?? undefined)
  // RFC 7644 section 3.5.2: "a client MUST NOT modify an attribute that has mutability "readOnly"". An operation that
  // repeats the stored value modifies nothing; that is checked when the operation is applied.
  for (const each of [attribute, subAttribute]) {
    if (each?.mutability !== 'readOnly') continue
    if (op !== 'remove' && isAssigned(value)) return operationAt('replace', target, value)
    throw ScimError.mutability(`Attribute "${each.path}" is readOnly.`, { attribute: each.path })
  }
  return op === 'remove' ? normalizeRemove(scope, target, value) : normalizeWrite(scope, op, target, value)
}

function normalizeWrite(
  scope: PatchContext,
  op: 'add' | 'replace',
  target: PatchTarget,
  given: unknown,
): PatchOperation | undefined {
  const { attribute, filter, subAttribute } = target
  // RFC 7644 section 3.5.2.1: "The operation MUST contain a "value" member whose content specifies the value to be
  // added."
  if (given === undefined) return addNamed(scope, op, target)
  // RFC 7643 section 2.5: null is "no value". Adding no value changes nothing.
  if (op === 'add' && given === null) return undefined
  const emptied = emptiedTarget(scope, target, given)
  if (emptied) return emptied
  const leaf = subAttribute ?? attribute
  const one = filter !== undefined && !subAttribute
  const value = one ? readOne(scope, op, attribute, given) : readWhole(scope, op, leaf, given)
  if (one && isEmptied(value) && scope.tolerate('emptyValue', attribute.path)) {
    validateElement(attribute, { ...value, value: undefined })
    return emptying(scope, target, { ...value, value: null })
  }
  if (value === undefined) {
    // RFC 7644 section 3.5.2.3: "Sub-attributes that are not specified in the "value" parameter are left unchanged."
    if (op === 'replace' && one && isObject(given)) return operationAt(op, target, {}, () => created(scope, target, {}))
    // A value of which the client may write no part, or whose parts are all unknown, does not unassign the attribute.
    // Lists have been checked already.
    const unassigns = (leaf.multiValued && !one) || isBlank(given)
    // Adding null changes nothing; setting a singular value to "" removes it, with each operation.
    if (!unassigns || (op === 'add' && (leaf.multiValued || !isEmptyText(given)))) return undefined
    if (leaf.required && !one) throw cannotUnassign(leaf)
  } else if (one) validateElement(attribute, value)
  else validateValue(leaf, value)
  return operationAt(op, target, value, filter && (() => created(scope, target, value)))
}

/** Tolerance: an add with a filter and without a value adds the value that the filter names. */
function addNamed(scope: PatchContext, op: 'add' | 'replace', target: PatchTarget): PatchOperation {
  const { attribute, subAttribute } = target
  const named = op === 'add' && !subAttribute ? namedValue(target) : undefined
  const identifier = valueAttribute(attribute)
  if (!named || !identifier || !isAssigned(ownProperty(named, identifier.name))) throw lacksValue(op)
  if (!scope.tolerate('createMissingValue', attribute.path)) throw lacksValue(op)
  // References are identified by `value` alone, so no operation must search all of them.
  if (attribute.multiValued && isResourceReference(attribute)) {
    validateValue(attribute, [named])
    return operationAt('add', { attribute, filter: undefined, subAttribute: undefined }, [named])
  }
  validateElement(attribute, named)
  return operationAt('add', target, {}, () => named)
}

/**
 * Tolerance (decision A-141): "" or null as the "value" of a complex attribute. It unassigns a singular reference. A
 * value of a list is removed if only its type is left.
 */
function emptiedTarget(scope: PatchContext, target: PatchTarget, given: unknown): PatchOperation | undefined {
  const { attribute, filter, subAttribute } = target
  if (subAttribute === undefined || subAttribute !== valueAttribute(attribute)) return undefined
  if (given !== null && !isEmptyText(given)) return undefined
  const reference = isResourceReference(attribute)
  if (reference && attribute.multiValued) throw lacksIdentifier(attribute)
  // For this the RFC uses null, if no other sub-attribute has a value.
  if (reference && given === null && !attribute.subAttributes.some(tellsMore)) return undefined
  if (!scope.tolerate('emptyValue', subAttribute.path)) return undefined
  if (!reference) return emptying(scope, target, undefined)
  if (attribute.required) throw cannotUnassign(attribute)
  return filter
    ? emptying(scope, target, undefined)
    : operationAt('replace', { attribute, filter, subAttribute: undefined }, undefined)
}

function tellsMore({ name, mutability }: Attribute): boolean {
  return name !== 'value' && name !== '$ref' && mutability !== 'readOnly'
}

function emptying(scope: PatchContext, target: PatchTarget, value: unknown): PatchOperation {
  const create = target.filter && (() => created(scope, target, value))
  return Object.freeze({ ...operationAt('replace', target, value, create), prunes: true })
}

/** Whether the object for one value of a list sets "value" to no value. */
function isEmptied(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && Object.hasOwn(value, 'value') && (value.value === '' || value.value === null)
}

function isEmptyText(given: unknown): boolean {
  if (Array.isArray(given)) return given.length === 1 && isEmptyText(given[0])
  if (!isObject(given)) return given === ''
  return Object.keys(given).some((key) => key.toLowerCase() === 'value' && given[key] === '')
}

/** RFC 7644 section 3.5.2.3: null and [] leave the attribute unassigned (RFC 7643 section 2.5). */
function readWhole(scope: PatchContext, op: 'add' | 'replace', attribute: Attribute, given: unknown): unknown {
  const { tolerate, identify, limits, ahead } = scope
  const keepNull = op === 'replace' && !attribute.multiValued
  const value = canonicalizeValue(attribute, given, { tolerate, identify, keepNull, ahead })
  limitValues(value, limits.values)
  return value
}

function readOne(
  { tolerate, identify }: PatchContext,
  op: 'add' | 'replace',
  attribute: Attribute,
  given: unknown,
): unknown {
  let one = given
  if (Array.isArray(given)) {
    if (given.length === 0) return undefined
    if (given.length === 1 && tolerate('listForSingle', attribute.path)) one = given[0]
  }
  const read = canonicalizeElement(attribute, one, { tolerate, identify, keepNull: op === 'replace' })
  // Sub-attributes missing from a changed value are unchanged; an explicitly empty target is different.
  if (
    isResourceReference(attribute) &&
    isObject(read) &&
    Object.hasOwn(read, 'value') &&
    !isIdentified(attribute, read)
  ) {
    throw lacksIdentifier(attribute)
  }
  return read
}

function normalizeRemove(scope: PatchContext, target: PatchTarget, given: unknown): PatchOperation | undefined {
  const { attribute, filter, subAttribute } = target
  const leaf = subAttribute ?? attribute
  // Decision A-58: such a remove must not be read as a removal of all values.
  const lists = given !== undefined && given !== null
  if (lists && !scope.tolerate('removeByValue', leaf.path)) throw listsValues(leaf)
  if (lists) {
    const { tolerate, identify, ahead } = scope
    // An attribute that no client can read is not compared: the answer would reveal whether the value equals the stored
    // one.
    if (!leaf.multiValued && isUnreadable(leaf)) return undefined
    const named = leaf.multiValued ? unwrap(leaf, given) : given
    const value = canonicalizeValue(leaf, named, { tolerate, identify, remove: true, ahead })
    limitValues(value, scope.limits.values)
    return value === undefined ? undefined : operationAt('remove', target, value)
  }
  // RFC 7644 section 3.5.2.2: "If an attribute is removed or becomes unassigned and is defined as a required attribute
  // … "mutability"." The values that a filter leaves are known only when it is applied.
  if (leaf.required && (subAttribute || !filter)) throw cannotUnassign(leaf)
  return operationAt('remove', target, undefined)
}

/** Tolerance: {"members": [...]} under the path members. */
function unwrap(attribute: Attribute, given: unknown): unknown {
  if (!isObject(given)) return given
  const [name, ...more] = Object.keys(given)
  if (name === undefined || more.length > 0 || attribute.subAttribute(name)) return given
  return name.toLowerCase() === attribute.name.toLowerCase() ? given[name] : given
}

function created(
  scope: PatchContext,
  target: PatchTarget,
  value: unknown,
): Readonly<Record<string, unknown>> | undefined {
  const made = createdValue(target, value)
  return made && scope.tolerate('createMissingValue', target.attribute.path) ? made : undefined
}

function operationAt(
  op: PatchOperation['op'],
  { attribute, filter, subAttribute }: PatchTarget,
  value: unknown,
  create?: PatchOperation['create'],
): PatchOperation {
  return Object.freeze({ op, attribute, filter, subAttribute, value, create })
}

/** RFC 7643 section 2.5: the values that count as no value; by tolerance also the spellings of some clients. */
function isBlank(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  if (Array.isArray(value)) return value.every(isBlank)
  return isObject(value) && Object.keys(value).some((key) => key.toLowerCase() === 'value' && isBlank(value[key]))
}
