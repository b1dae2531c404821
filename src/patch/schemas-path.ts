import { ScimError } from '../error.js'
import { toValuePredicate } from '../filter/evaluate.js'
import type { Attribute } from '../schema/model/attribute.js'
import { lacksValue, listsValues } from './expand.js'
import type { PatchContext, TargetedOperation } from './target.js'

/**
 * An operation on `schemas`. RFC 7643 section 3: its URIs name the schemas of the data in the resource, so they change
 * with the data. Adding the URI of an extension does nothing; removing it removes the extension.
 */
export function expandSchemas(
  scope: PatchContext,
  { op, target, value }: TargetedOperation,
): readonly TargetedOperation[] {
  const { schema } = scope
  const all = [schema.base.id, ...schema.extensionAttributes.map(({ name }) => name)]
  const chosen = target.filter ? all.filter(toValuePredicate(target.filter, target.attribute)) : all
  const gone =
    op === 'remove'
      ? removed(scope, target.attribute, chosen, value)
      : replaced(scope, op, chosen, target.filter !== undefined, value)
  if (gone.includes(schema.base.id)) {
    throw ScimError.mutability('The URI of the base schema cannot be taken from "schemas".')
  }
  return schema.extensionAttributes
    .filter(({ name }) => gone.includes(name))
    .map((attribute) => ({
      op: 'remove',
      target: { attribute, filter: undefined, subAttribute: undefined },
      value: undefined,
    }))
}

function removed(
  scope: PatchContext,
  attribute: Attribute,
  chosen: readonly string[],
  value: unknown,
): readonly string[] {
  if (value === undefined || value === null) return chosen
  if (!scope.tolerate('removeByValue', attribute.path)) throw listsValues(attribute)
  const listed = knownUrns(scope, value)
  return chosen.filter((urn) => listed.includes(urn))
}

function replaced(
  scope: PatchContext,
  op: 'add' | 'replace',
  chosen: readonly string[],
  filtered: boolean,
  value: unknown,
): readonly string[] {
  if (value === undefined) throw lacksValue(op)
  if (op === 'add' && value === null) return []
  const given = knownUrns(scope, value)
  if (filtered && chosen.length === 0) throw ScimError.noTarget('No value of attribute "schemas" meets the filter.')
  return op === 'add' && !filtered ? [] : chosen.filter((urn) => !given.includes(urn))
}

function knownUrns({ schema, tolerate }: PatchContext, value: unknown): readonly string[] {
  const given = value === null ? [] : Array.isArray(value) ? value : [value]
  return given.flatMap((uri) => {
    if (typeof uri !== 'string') throw ScimError.invalidValue('A value of "schemas" must be a URI in a string.')
    const urn = schema.urn(uri)
    if (urn === undefined && !tolerate('unknownAttribute', 'schemas')) {
      throw ScimError.invalidSyntax('schemas must hold URIs of the resource type only.')
    }
    return urn ?? []
  })
}
