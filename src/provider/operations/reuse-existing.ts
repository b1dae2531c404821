import type { Selection, Stored } from '../../adapter/contract.js'
import { EVERYTHING } from '../../adapter/selections.js'
import { asWriteResult } from '../../adapter/write-result.js'
import type { ScimError } from '../../error.js'
import type { Filter } from '../../filter/ast.js'
import type { Attribute } from '../../schema/attribute.js'
import { applyMutability } from '../../schema/mutability.js'
import type { JsonObject } from '../../schema/resource.js'
import { knownError } from '../answer/failure.js'
import { announce } from '../events/events.js'
import { inTransaction } from '../events/transaction.js'
import { keepUnwritable } from '../policy/access.js'
import { authorize } from '../policy/authorize.js'
import { indexQuery, listPage } from '../query/list-page.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'
import { checkStored } from '../store/adapter-fault.js'
import { collect } from '../store/collect.js'

/**
 * What becomes of a POST whose unique value another resource has. RFC 7644 section 3.3 asks for a 409; an identity
 * provider that assigns somebody anew expects that the inactive account comes back. To take a resource over is to replace
 * it, by the same rules and with the same permission as a PUT.
 *
 * @param input What was sent, as the store would have got it.
 * @param thrown Why the store has refused it; thrown again unless the policy has another answer.
 */
export async function reuseExisting(
  context: Context,
  type: ResourceType,
  input: JsonObject,
  thrown: unknown,
  select: Selection,
): Promise<Stored> {
  const policy = type.onDuplicate
  const refusal = policy === 'refuse' ? undefined : knownError(context, thrown)
  if (refusal?.scimType !== 'uniqueness') throw thrown
  return inTransaction(context, async () => {
    const existing = await findExisting(context, type, input)
    if (existing === undefined || !(await isTakenOver(context, type, existing, input))) throw refusal
    await authorize(context, type, 'replace', String(existing.id))

    const current = existing as JsonObject
    const draft = keepUnwritable(context, type, mergeInto(type, current, input, refusal), current)
    const version = type.supports.versions ? [String(existing.meta?.version)] : undefined
    const write = context.writeCall(select, version)
    const outcome = await type.adapter(write).replace(String(existing.id), draft, write)
    // It has just been changed or removed: what the client knows of it is no longer so.
    if (outcome === 'stale' || outcome === null || outcome === undefined) throw refusal
    const { resource, changes } = asWriteResult(outcome)
    const stored = checkStored(type, 'replace', resource, String(existing.id))
    announce(context, type, { action: 'updated', id: String(stored.id), resource: stored, before: existing, changes })
    return stored
  })
}

async function isTakenOver(
  { auth }: Context,
  { onDuplicate, roles }: ResourceType,
  existing: Stored,
  input: JsonObject,
): Promise<boolean> {
  const draft = input
  const decision = typeof onDuplicate === 'function' ? await onDuplicate({ existing, draft, auth }) : onDuplicate
  if (decision !== 'reactivate') return decision === 'adopt'
  return roles.activation.some(({ name }) => (existing as JsonObject)[name] === false)
}

/** What was sent in the place of what there is, active unless it says otherwise. */
function mergeInto({ schema, roles }: ResourceType, current: JsonObject, input: JsonObject, refusal: ScimError) {
  const active = Object.fromEntries(roles.activation.map(({ name }) => [name, true]))
  try {
    return applyMutability(schema, current, { ...active, ...input })
  } catch {
    // An immutable attribute has another value, so it is not the same that is meant.
    throw refusal
  }
}

/** The one resource that has a unique value of what was sent. */
async function findExisting(context: Context, type: ResourceType, input: JsonObject): Promise<Stored | undefined> {
  for (const attribute of type.schema.root.subAttributes.filter(isUnique)) {
    const value = input[attribute.name]
    if (typeof value !== 'string') continue
    const filter: Filter = Object.freeze({ kind: 'compare', attribute, operator: 'eq', value })
    const query = indexQuery({ filter, sort: undefined, count: 2 }, 1)
    const { resources } = await listPage(context, type, context.call(EVERYTHING), query)
    const [found, ...others] = resources
    if (found !== undefined && others.length === 0) return collect(found)
  }
  return undefined
}

function isUnique({ uniqueness, mutability }: Attribute): boolean {
  return uniqueness !== 'none' && mutability !== 'readOnly'
}
