import { ScimError } from '../error.js'
import type { InTurns } from '../in-turns.js'
import { isObject } from '../is-object.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { JsonTexts } from '../schema/reading/json-text.js'
import { quoteName } from '../schema/reading/reading.js'
import type { PatchLimits, RawOperation } from './patch-op.js'
import { type PatchTarget, parsePath, resolvePath } from './path.js'
import type { PatchContext, TargetedOperation } from './target.js'

// The number of names between two pauses.
const STRETCH = 256

/**
 * Splits an operation without path into one operation for each attribute in its value. RFC 7644 section 3.5.2.1: "the
 * target location is assumed to be the resource itself. The "value" parameter contains a set of attributes to be added
 * to the resource." Each is merged as if its key were a path (decision A-54a).
 */
export function* expandValue(scope: PatchContext, { op, value }: RawOperation): InTurns<readonly TargetedOperation[]> {
  const attributes = objectOf(scope, value)
  if (op === 'remove' && !(attributes && scope.tolerate('removeWithoutPath'))) {
    throw ScimError.noTarget('An operation "remove" must have a path.')
  }
  if (!attributes)
    throw ScimError.invalidValue(`The value of an operation without path must be an object of attributes.`)
  return yield* expandObject(scope, op, scope.schema.root, attributes)
}

/**
 * Splits an operation whose path is the URN of an extension into one for each attribute in its value (decision A-54b).
 */
export function* expandExtension(
  scope: PatchContext,
  op: RawOperation['op'],
  extension: Attribute,
  value: unknown,
): InTurns<readonly TargetedOperation[]> {
  if (value === undefined || value === null) {
    if (op !== 'remove' && value === undefined) throw lacksValue(op)
    // RFC 7643 section 2.5: null is "no value". Adding no value changes nothing.
    if (op === 'add') return []
    return [{ op: 'remove', target: whole(extension), value: undefined }]
  }
  if (op === 'remove' && !scope.tolerate('removeByValue', extension.path)) throw listsValues(extension)
  const attributes = objectOf(scope, value, extension.path)
  if (!attributes) throw ScimError.invalidValue(`"${extension.path}" must be an object of attributes.`)
  return yield* expandObject(scope, op, extension, attributes)
}

/** The error for an add or replace without a value. */
export function lacksValue(op: RawOperation['op']): ScimError {
  return ScimError.invalidValue(`An operation "${op}" must have a value.`)
}

/** The error for a remove with a value. */
export function listsValues(attribute: Attribute): ScimError {
  const { path } = attribute
  const advice = attribute.multiValued
    ? `name the values of "${path}" in the path, such as ${path}[value eq "…"].`
    : attribute.type === 'complex'
      ? `name an attribute of "${path}" in the path.`
      : 'leave the value out.'
  return ScimError.invalidSyntax(`An operation "remove" must not have a value; ${advice}`)
}

function* expandObject(
  scope: PatchContext,
  op: RawOperation['op'],
  holder: Attribute,
  attributes: JsonObject,
): InTurns<readonly TargetedOperation[]> {
  const found: TargetedOperation[] = []
  const seen = new Set<Attribute>()
  let looked = 0
  for (const name of Object.keys(attributes)) {
    looked += 1
    if (looked % STRETCH === 0) yield
    const value = attributes[name]
    const attribute = holder.subAttribute(name)
    if (!attribute) {
      found.push(...(yield* expandKey(scope, op, holder, name, value)))
      continue
    }
    if (seen.has(attribute)) {
      throw ScimError.invalidSyntax(`Attribute "${attribute.path}" is given more than once.`, {
        attribute: attribute.path,
      })
    }
    seen.add(attribute)
    // RFC 7643 section 2.5: null is "no value". Adding no value changes nothing.
    if (op === 'add' && value === null) continue
    if (attribute.isExtension) found.push(...(yield* expandExtension(scope, op, attribute, value)))
    else if (isServers(attribute)) {
      if (repeatsId(scope, { op, target: whole(attribute), value }) || mayDiffer(scope, attribute)) continue
      if (op === 'remove')
        throw ScimError.mutability(`Attribute "${attribute.path}" is readOnly.`, { attribute: attribute.path })
      found.push({ op, target: whole(attribute), value, repeats: true })
    } else found.push({ op, target: whole(attribute), value })
  }
  return found
}

/** Whether only the server sets an attribute: a client's value is ignored. */
export function isServers({ mutability, keys }: Attribute): boolean {
  return mutability === 'readOnly' || keys[0] === 'schemas'
}

/**
 * Whether the client's value of an attribute that the server sets is ignored. `schemas` follows from the data; RFC 7643
 * section 3.1: "meta" "SHALL be ignored when provided by clients".
 */
function mayDiffer({ schema, tolerate }: PatchContext, attribute: Attribute): boolean {
  if (attribute === schema.root.subAttribute('schemas') || attribute === schema.root.subAttribute('meta')) return true
  return tolerate('readOnlyInValue', attribute.path)
}

/**
 * Whether an operation only repeats the id of the resource, which is no change and needs no tolerance (decision A-59c).
 * Other values of the server are known only when the resource has been read.
 */
export function repeatsId({ schema, id }: PatchContext, { op, target, value }: TargetedOperation): boolean {
  if (id === undefined || value !== id || op === 'remove') return false
  return target.attribute === schema.root.subAttribute('id') && target.filter === undefined
}

/** Tolerance: a key that is no attribute is read as a path. */
function* expandKey(
  scope: PatchContext,
  op: RawOperation['op'],
  holder: Attribute,
  key: string,
  value: unknown,
): InTurns<readonly TargetedOperation[]> {
  const { schema, tolerate } = scope
  const shown = quoteName(holder, key)
  if (holder === schema.root) {
    const urn = key.endsWith(':') ? schema.urn(key.slice(0, -1)) : undefined
    if (urn !== undefined && urn !== schema.base.id && tolerate('trailingColon', shown)) {
      return yield* expandObject(scope, op, holder, { [urn]: value })
    }
    const isBase = urn === undefined ? schema.urn(key) === schema.base.id : tolerate('trailingColon', shown)
    if (isBase && isObject(value) && tolerate('dottedKeys', shown)) return yield* expandObject(scope, op, holder, value)
    const target = targetOf(scope, key)
    if (target && tolerate('dottedKeys', shown)) {
      if (op === 'add' && value === null) return []
      const written = target.subAttribute?.mutability === 'readOnly' ? target.subAttribute : target.attribute
      if (isServers(written) && (repeatsId(scope, { op, target, value }) || mayDiffer(scope, target.attribute)))
        return []
      return [{ op, target, value }]
    }
  }
  if (tolerate('unknownAttribute', shown)) return []
  throw ScimError.invalidSyntax(`The schema has no attribute "${shown}".`, { attribute: shown })
}

/** Reads a key as a path; undefined if the schema has no such path. */
export function targetOf(
  { schema, tolerate, limits }: Pick<PatchContext, 'schema' | 'tolerate'> & { readonly limits?: PatchLimits },
  path: string,
): PatchTarget | undefined {
  try {
    return resolvePath(parsePath(path, { tolerate, ...(limits?.filters && { limits: limits.filters }) }), schema, {
      tolerate,
    })
  } catch (error) {
    // A malformed path counts as an unknown name.
    if (ScimError.is(error)) return undefined
    throw error
  }
}

/** The path that is the name of an attribute. */
export function whole(attribute: Attribute): PatchTarget {
  return { attribute, filter: undefined, subAttribute: undefined }
}

/** The attributes in a value: an object; by tolerance the text of an object, or a list with one object. */
export function objectOf(
  { tolerate }: Pick<PatchContext, 'tolerate'>,
  value: unknown,
  where?: string,
): JsonObject | undefined {
  if (isObject(value)) return value
  if (Array.isArray(value)) {
    const [only, ...more] = value
    return isObject(only) && more.length === 0 && tolerate('listForSingle', where) ? only : undefined
  }
  const parsed = typeof value === 'string' ? new JsonTexts().parse(value, '{') : undefined
  return isObject(parsed) && tolerate('jsonText', where) ? parsed : undefined
}
