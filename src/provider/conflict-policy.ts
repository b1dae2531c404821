import type { Draft, Stored } from '../adapter/contract.js'
import { ScimError } from '../error.js'
import type { Filter } from '../filter/ast.js'
import type { Attribute } from '../schema/attribute.js'
import type { JsonObject } from '../schema/resource.js'
import type { Context } from './context.js'
import { indexQuery, listPage } from './list.js'
import type { ResourceType } from './resource-type.js'

/**
 * What becomes of a POST whose unique value another resource has. RFC 7644 section 3.3 asks for a 409; an identity
 * provider that assigns somebody anew expects that the inactive account comes back.
 */
export async function takeOver(
  context: Context,
  type: ResourceType,
  draft: Draft,
  refusal: unknown,
): Promise<{ readonly before: Stored; readonly stored: Stored }> {
  const policy = type.onConflict
  if (policy === 'refuse' || !ScimError.is(refusal) || refusal.scimType !== 'uniqueness') throw refusal
  const existing = await findExisting(context, type, draft)
  if (existing === undefined) throw refusal
  const decision = typeof policy === 'function' ? await policy({ existing, draft, auth: context.auth }) : policy
  const inactive = type.roles.activation.some(({ name }) => (existing as unknown as JsonObject)[name] === false)
  if (decision === 'refuse' || (decision === 'reactivate' && !inactive)) throw refusal

  const active = Object.fromEntries(type.roles.activation.map(({ name }) => [name, true]))
  const version = type.supports.versions ? [String(existing.meta?.version)] : undefined
  const write = context.writeCall({ has: () => true }, version)
  const stored = await type.adapter(write).replace(String(existing.id), { ...active, ...draft } as Draft, write)
  if (stored === 'conflict' || stored === null || stored === undefined) throw refusal
  return { before: existing, stored }
}

/** The one resource that has a unique value of the draft. */
async function findExisting(context: Context, type: ResourceType, draft: Draft): Promise<Stored | undefined> {
  for (const attribute of type.schema.root.subAttributes.filter(isUnique)) {
    const value = (draft as JsonObject)[attribute.name]
    if (typeof value !== 'string') continue
    const filter: Filter = Object.freeze({ kind: 'compare', attribute, operator: 'eq', value })
    const everything = context.call({ has: () => true })
    const page = await listPage(context, type, everything, indexQuery({ filter, sort: undefined, count: 2 }, 1))
    const [found, ...others] = [...page.resources]
    if (found !== undefined && others.length === 0) return found
  }
  return undefined
}

function isUnique({ uniqueness, mutability }: Attribute): boolean {
  return uniqueness !== 'none' && mutability !== 'readOnly'
}
