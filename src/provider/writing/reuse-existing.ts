import type { Selection, Stored } from '../../adapter/contract.js'
import { EVERYTHING } from '../../adapter/selections.js'
import { asWriteResult } from '../../adapter/write-result.js'
import { kindOf } from '../../check-options.js'
import type { ScimError } from '../../error.js'
import type { Filter } from '../../filter/ast.js'
import { type Attribute, isInList } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { applyMutability } from '../../schema/resources/mutability.js'
import { valuesAt } from '../../schema/values/values.js'
import { SetupError } from '../../setup-error.js'
import { didYouMean } from '../../suggest.js'
import { toScimError } from '../answer/failure.js'
import { emitChange } from '../events/events.js'
import { runInTransaction } from '../events/transaction.js'
import { keepUnwritable } from '../policy/access.js'
import { authorize } from '../policy/authorize.js'
import { indexQuery, listPage } from '../query/list-page.js'
import type { Context } from '../request/context.js'
import { DUPLICATE_POLICY } from '../setup/option-table.js'
import type { ResourceType } from '../setup/resource-type.js'
import { checkStored } from '../store/adapter-fault.js'
import { collect } from '../store/collect.js'
import { askRule } from './validate.js'

/**
 * The answer to a POST whose unique value another resource has (decision A-109). RFC 7644 section 3.3 asks for a 409;
 * an identity provider that assigns a person again expects that the inactive account comes back. To take a resource
 * over is to replace it, by the same rules and with the same permission as a PUT.
 *
 * @param input The draft that the store would have got.
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
  const refusal = policy === 'refuse' ? undefined : toScimError(context, thrown)
  if (refusal?.scimType !== 'uniqueness') throw thrown
  return runInTransaction(context, async () => {
    const found = await findExisting(context, type, input)
    if (found === undefined || !(await isReused(context, type, found, input))) throw refusal
    const { existing } = found
    await authorize(context, type, 'replace', String(existing.id))

    const draft = keepUnwritable(context, type, mergeInto(type, existing, input, refusal), existing)
    await askRule(context, type, {
      action: 'replace',
      id: String(existing.id),
      stored: existing,
      dependsOnStored: false,
      after: () => draft,
      given: draft,
    })
    const version = type.supports.versions ? [String(existing.meta?.version)] : undefined
    const write = context.writeCall(select, version)
    const outcome = await type.adapter(write).replace(String(existing.id), draft, write)
    // The resource has just been changed or removed: the client does not know its present state.
    if (outcome === 'stale' || outcome === null || outcome === undefined) throw refusal
    const { resource, changes } = asWriteResult(outcome)
    const stored = checkStored(type, 'replace', resource, String(existing.id))
    await emitChange(context, type, {
      action: 'updated',
      id: String(stored.id),
      resource: stored,
      before: existing,
      changes,
      attributes: Object.keys(draft),
    })
    return stored
  })
}

async function isReused(
  { auth }: Context,
  type: ResourceType,
  { existing, attribute }: ExistingResource,
  draft: JsonObject,
): Promise<boolean> {
  const { onDuplicate, roles } = type
  const isAsked = typeof onDuplicate === 'function'
  // Several people may share one of many values, such as the address of a team: only the application knows whom it
  // belongs to.
  if (!isAsked && isInList(attribute)) return false
  const decision = isAsked ? await onDuplicate({ existing, draft, auth, attribute: attribute.path }) : onDuplicate
  if (isAsked) checkDecision(type, decision)
  if (decision !== 'reactivate') return decision === 'adopt'
  return roles.activation.some(({ name }) => existing[name] === false)
}

/** Without this check a misspelt word of the application would silently be a 409. */
function checkDecision({ name }: ResourceType, decision: unknown): void {
  const { expects, accepts, words = [] } = DUPLICATE_POLICY
  if (accepts(decision)) return
  const suggestion = typeof decision === 'string' ? didYouMean(decision, words) : ''
  throw new SetupError(
    'ERR_SCIM_OPTION',
    `Option onDuplicate of resource type ${name} must return ${expects}, got ${kindOf(decision)}.${suggestion}`,
  )
}

/** The draft in the place of the existing resource, active unless the draft says otherwise. */
function mergeInto({ schema, roles }: ResourceType, current: JsonObject, input: JsonObject, refusal: ScimError) {
  const active = Object.fromEntries(roles.activation.map(({ name }) => [name, true]))
  try {
    return applyMutability(schema, current, { ...active, ...input })
  } catch {
    // An immutable attribute has another value, so it is not the same that is meant.
    throw refusal
  }
}

/** The resource that has a unique value of the new one, and the attribute that holds the value. */
interface ExistingResource {
  readonly existing: Stored
  readonly attribute: Attribute
}

/**
 * The only resource that has one of the draft's unique values; undefined if there is none or more than one: the router
 * cannot tell which of them is meant. Singular attributes are looked at first.
 */
async function findExisting(
  context: Context,
  type: ResourceType,
  input: JsonObject,
): Promise<ExistingResource | undefined> {
  let one: ExistingResource | undefined
  for (const attribute of type.unique) {
    const values = textsAt(input, attribute)
    if (values.length === 0) continue
    // A resource with unusually many unique values is not searched for: the length of the query is bounded.
    if (values.length > MOST_VALUES) return undefined
    const terms = values.map((value): Filter => Object.freeze({ kind: 'compare', attribute, operator: 'eq', value }))
    const filter = terms.length === 1 ? terms[0] : Object.freeze({ kind: 'or' as const, filters: Object.freeze(terms) })
    const query = indexQuery({ filter, sort: undefined, count: 2 }, 1)
    const { resources } = await listPage(context, type, context.call(EVERYTHING), query)
    for (const existing of resources) {
      if (one !== undefined && String(one.existing.id) !== String(existing.id)) return undefined
      one ??= { existing, attribute }
    }
  }
  return one && { ...one, existing: await collect(one.existing) }
}

const MOST_VALUES = 100

function textsAt(input: JsonObject, { keys }: Attribute): readonly string[] {
  return [...new Set(valuesAt(input, keys).filter((value) => typeof value === 'string'))]
}
