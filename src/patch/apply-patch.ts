import { type Compatibility, tolerateBy } from '../compatibility.js'
import { isObject } from '../is-object.js'
import { joinedSchema } from '../schema/define/joined-schema.js'
import type { ExtensionEntry, ResourceSchema, SchemaOf } from '../schema/define/schema.js'
import type { SchemaDefinition } from '../schema/model/definition.js'
import type { JsonObject, ResourceOf } from '../schema/model/resource.js'
import { PATCH_OP } from '../urn.js'
import { applyOperations } from './apply.js'
import { normalizePatch } from './normalize.js'
import type { PatchLimits } from './patch-op.js'
import { isAssigned } from './same.js'

/** One of the `Operations` in the body of a PATCH request, RFC 7644 section 3.5.2. */
export interface PatchRequestOperation {
  /** `'add'`, `'remove'` or `'replace'`; the tolerance `operationCase` allows other letter cases. */
  readonly op: string
  /** Without a path, `value` is an object of attributes. */
  readonly path?: string | undefined
  /** The value to add or to set; for `remove` the tolerance `removeByValue` takes one. */
  readonly value?: unknown
}

/** The options of {@link applyPatch}. */
export interface ApplyPatchOptions<Extensions extends readonly ExtensionEntry[] = readonly ExtensionEntry[]> {
  /**
   * The extensions that a resource may have.
   *
   * @defaultValue none
   */
  readonly extensions?: Extensions
  /**
   * Which deviations from the standard are accepted: `'tolerant'`, `'strict'`, or single tolerances by name.
   *
   * @defaultValue `'strict'`
   */
  readonly compatibility?: Compatibility
  /**
   * The most operations and values in one call.
   *
   * @defaultValue 1,000 operations, 20,000 values in one operation
   */
  readonly limits?: PatchLimits
}

/** The attributes of a resource besides `id` and `meta`, which stores keep in forms of their own. */
type PatchableOf<Base extends SchemaDefinition, Extensions extends readonly ExtensionEntry[]> = Partial<
  Omit<ResourceOf<Base, SchemaOf<Extensions[number]>>, 'id' | 'meta'>
>

/**
 * Applies the operations of a PATCH request to a resource, RFC 7644 section 3.5.2: either all of them or none. The
 * given resource is not changed. The result is a new object that shares unchanged values with it, or the same object if
 * nothing changes. If the resource has `schemas`, the result names each extension that has values. `meta` is unchanged:
 * the store sets version and times.
 *
 * The schema decides which names exist in any letter case, the canonical values, and which attributes are readOnly,
 * immutable or required.
 *
 * @param schema The base schema of the resource, such as `User`.
 * @param operations The `Operations` of the request.
 * @returns A resource of the type of `resource`.
 * @throws ScimError 400 invalidSyntax, invalidPath, invalidFilter, invalidValue, noTarget or mutability, or 413 beyond
 *   `limits`. The detail may be shown to a client.
 * @throws SetupError if RFC 7643 does not allow a schema, or `compatibility` names an unknown tolerance.
 *
 * @example
 * ```ts
 * import { applyPatch, EnterpriseUser, User } from 'express-scim'
 *
 * const user = { userName: 'bjensen', emails: [{ value: 'b@example.com', type: 'work' }] }
 * const patched = applyPatch(
 *   User,
 *   user,
 *   [
 *     { op: 'replace', path: 'emails[type eq "work"].value', value: 'babs@example.com' },
 *     { op: 'add', value: { active: true } },
 *   ],
 *   { extensions: [EnterpriseUser] },
 * )
 * console.log(patched.emails, user.emails)
 * ```
 */
export function applyPatch<
  const Base extends SchemaDefinition,
  Resource extends PatchableOf<Base, Extensions>,
  const Extensions extends readonly ExtensionEntry[] = readonly [],
>(
  schema: Base,
  resource: Resource,
  operations: readonly PatchRequestOperation[],
  options: ApplyPatchOptions<Extensions> = {},
): Resource {
  const { extensions, compatibility = 'strict', limits } = options
  const joined = joinedSchema(schema, extensions)
  const body = { schemas: [PATCH_OP], Operations: operations }
  const normalized = normalizePatch(joined, body, { tolerate: tolerateBy(compatibility), ...(limits && { limits }) })
  const result = applyOperations(normalized, resource)
  // Operations never change the type of an attribute.
  return (result === resource ? resource : withSchemas(joined, result)) as Resource
}

/** RFC 7643 section 3: `schemas` names the base schema and each extension that the resource has values of. */
function withSchemas({ extensionAttributes }: ResourceSchema, resource: JsonObject): JsonObject {
  const { schemas } = resource
  if (!Array.isArray(schemas)) return resource
  const has = (name: string): boolean => isObject(resource[name]) && isAssigned(resource[name])
  const present = new Set(extensionAttributes.map(({ name }) => name).filter(has))
  const known = new Set(extensionAttributes.map(({ name }) => name))
  const kept = schemas.filter((urn) => !known.has(urn) || present.has(urn))
  const added = [...present].filter((urn) => !kept.includes(urn))
  return kept.length === schemas.length && added.length === 0 ? resource : { ...resource, schemas: [...kept, ...added] }
}
