import type { Tolerate } from '../../compatibility.js'
import { ScimError } from '../../error.js'
import { MESSAGE_NAMESPACE } from '../../urn.js'
import type { ResourceSchema } from '../define/schema.js'

/** Checks `schemas` as a client sent it, RFC 7643 section 3 and RFC 7644 section 3.1. */
export function checkSchemas(schema: ResourceSchema, given: unknown, tolerate: Tolerate): void {
  let base = false
  for (const uri of uriList(given, tolerate)) {
    if (uri === schema.base.id) {
      base = true
      continue
    }
    if (typeof uri !== 'string') throw ScimError.invalidSyntax('schemas must be an array of URIs.')
    const known = schema.urn(uri)
    if (known === schema.base.id) base = true
    if (known !== undefined) continue
    // RFC 7644 section 3.1: message URIs are not for resources.
    if (uri.toLowerCase().startsWith(MESSAGE_NAMESPACE)) {
      throw ScimError.invalidSyntax('schemas of a resource must not hold the URI of a message.')
    }
    if (!tolerate('unknownAttribute', 'schemas')) {
      throw ScimError.invalidSyntax(
        `schemas must hold URIs of the resource type only, whose base is ${schema.base.id}.`,
      )
    }
  }
  // RFC 7643 section 3: "schemas" "MUST contain at least one value, which SHALL be the base schema for the resource."
  if (!base && !tolerate('missingSchemas', 'schemas')) {
    throw ScimError.invalidSyntax(`schemas must hold the URI ${schema.base.id}.`)
  }
}

function uriList(given: unknown, tolerate: Tolerate): readonly unknown[] {
  if (given === undefined || given === null) return []
  if (Array.isArray(given)) return given
  if (typeof given === 'string' && tolerate('singleForList', 'schemas')) return [given]
  throw ScimError.invalidSyntax('schemas must be an array of URIs.')
}
