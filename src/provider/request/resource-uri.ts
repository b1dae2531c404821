import type { IdentifyReference } from '../../schema/reading/reading.js'
import type { ResourceType } from '../setup/resource-type.js'
import type { Context } from './context.js'

/**
 * The id in the URI of a resource of one of the types: absolute below the base URL, or relative (RFC 7643 section
 * 2.3.7).
 */
export function identifierIn(context: Context, uri: string, types: readonly ResourceType[]): string | undefined {
  const [, base = '', endpoint, id] = /^(.*\/|)([^/]+)\/([^/?#]+)$/s.exec(uri) ?? []
  if (id === undefined || !types.some((type) => type.endpoint === `/${endpoint}`)) return undefined
  // RFC 3986 section 4.2: a reference that begins with two slashes names a host.
  if (base.startsWith('//')) return undefined
  if (/^[a-z][a-z0-9+.-]*:/i.test(base) && withoutVersion(base) !== withoutVersion(`${context.baseUrl}/`)) {
    return undefined
  }
  try {
    return decodeURIComponent(id)
  } catch {
    return undefined
  }
}

/** RFC 7643 section 2.4: URIs are comparable to those "without a version or with a different version". */
function withoutVersion(base: string): string {
  return base.replace(/^(.*\/)v\d+\/$/is, '$1')
}

/**
 * Finds the id in the "$ref" of a reference: the URI has to be that of a resource of a type that the attribute allows
 * and that `type` names, if it names one.
 */
export function identifyReference(context: Context): IdentifyReference {
  return (attribute, { $ref, type }) => {
    const { referenceTypes = [] } = attribute.subAttribute('$ref') ?? {}
    const named = typeof type === 'string' && type !== '' ? type.toLowerCase() : undefined
    const types = context.provider.types.filter(
      ({ name }) => referenceTypes.includes(name) && (named === undefined || name.toLowerCase() === named),
    )
    return typeof $ref === 'string' ? identifierIn(context, $ref, types) : undefined
  }
}
