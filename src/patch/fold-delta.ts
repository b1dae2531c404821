import { type Attribute, isResourceReference, valueAttribute } from '../schema/model/attribute.js'
import { ownProperty } from '../schema/values/values.js'
import { identityOf } from './identity.js'
import type { Delta, DeltaValue, PatchOperation } from './patch.js'
import { removedReferences } from './references.js'
import { isAssigned } from './same.js'

const NO_CHANGE: Delta = Object.freeze({ clear: false, remove: Object.freeze([]), add: Object.freeze([]) })

/**
 * The joint effect of the operations on one multi-valued attribute, computed without the stored values; undefined if it
 * depends on them. Only references to resources are identified by `value` alone, so only they have a delta. The work
 * depends on the operations, not on the number of stored values.
 */
export function deltaOf(attribute: Attribute, operations: readonly PatchOperation[]): Delta | undefined {
  if (operations.length === 0) return NO_CHANGE
  const identifier = isResourceReference(attribute) ? valueAttribute(attribute) : undefined
  if (!identifier || attribute.mutability !== 'readWrite') return undefined
  const fold: Fold = { identifier, changeable: identityOf(attribute).changeable, clear: false, values: new Map() }
  if (!operations.every((operation) => foldOperation(fold, operation))) return undefined
  const remove: string[] = []
  const add: DeltaValue[] = []
  for (const [value, added] of fold.values) {
    if (added) add.push(added)
    else remove.push(value)
  }
  // Whether a required attribute keeps a value depends on the stored values.
  if (attribute.required && add.length === 0) return undefined
  return Object.freeze({ clear: fold.clear, remove: Object.freeze(remove), add: Object.freeze(add) })
}

interface Fold {
  readonly identifier: Attribute
  readonly changeable: readonly Attribute[]
  clear: boolean
  /** The last operation's effect on an identifier: the added value, or undefined if the value is removed. */
  readonly values: Map<string, DeltaValue | undefined>
}

/** Adds an operation to the delta. False if the delta cannot express it. */
function foldOperation(fold: Fold, operation: PatchOperation): boolean {
  const { op, filter, subAttribute, value } = operation
  if (op === 'remove') {
    const references = removedReferences(operation)
    if (references) return takeAway(fold, references)
    // The operation removes the whole attribute, or the extension that contains it.
    return !filter && !subAttribute && value === undefined && clearAll(fold)
  }
  if (filter || subAttribute) return false
  if (op === 'replace') clearAll(fold)
  return ((value ?? []) as readonly DeltaValue[]).every((one) => bring(fold, one))
}

function clearAll(fold: Fold): true {
  fold.clear = true
  fold.values.clear()
  return true
}

function takeAway({ clear, values }: Fold, identifiers: Iterable<string>): true {
  for (const identifier of identifiers) {
    if (clear) values.delete(identifier)
    else values.set(identifier, undefined)
  }
  return true
}

function bring({ identifier, changeable, clear, values }: Fold, value: DeltaValue): boolean {
  const key = ownProperty(value, identifier.name)
  if (typeof key !== 'string') return false
  // A stored value of the same reference would get these sub-attributes, or lose its own.
  if (changeable.length > 0) {
    const goneBefore = clear || (values.has(key) && values.get(key) === undefined)
    if (goneBefore || changeable.some(({ name }) => isAssigned(ownProperty(value, name)))) return false
  }
  // Adding the same reference again changes nothing.
  if (!values.get(key)) values.set(key, value)
  return true
}
