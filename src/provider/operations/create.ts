import type { Draft, Selection, Stored } from '../../adapter/contract.js'
import { asWriteResult } from '../../adapter/write-result.js'
import type { Result } from '../answer/result.js'
import { emitChange, isWatched, selectionForEvents } from '../events/events.js'
import { runInTransaction } from '../events/transaction.js'
import { hasRule } from '../policy/has-rule.js'
import type { Context } from '../request/context.js'
import type { Input } from '../request/input.js'
import type { ResourceType } from '../setup/resource-type.js'
import { checkStored } from '../store/adapter-fault.js'
import { prepare } from '../writing/prepare.js'
import { reuseExisting } from '../writing/reuse-existing.js'
import { askRule } from '../writing/validate.js'
import { type WriteOutcome, writtenResult } from '../writing/written.js'

/** RFC 7644 section 3.3: "To create new resources, clients send HTTP POST requests to the resource endpoint." */
export async function create(context: Context, type: ResourceType, input: Input): Promise<Result> {
  const written = await createResource(context, type, input)
  await context.breather.pauseIfDue()
  return writtenResult(context, type, 201, written)
}

/** Creates a resource and emits its events. A bulk request needs no more than this. */
export async function createResource(context: Context, type: ResourceType, input: Input): Promise<WriteOutcome> {
  const { resource, projection } = await prepare(context, type, undefined, input)
  const select = selectionForEvents(context, type, projection)
  try {
    return { stored: await runInTransaction(context, () => store(context, type, resource, select)), projection }
  } catch (error) {
    // After the transaction: a database takes nothing more from one in which a statement has failed.
    return { stored: await reuseExisting(context, type, resource, error, select), projection }
  }
}

/** Stores a draft, checks the answer of the store, and emits the events of the new resource. */
async function store(context: Context, type: ResourceType, draft: Draft, select: Selection): Promise<Stored> {
  if (hasRule(context)) await ask(context, type, draft)
  const call = context.writeCall(select)
  const { resource, changes } = asWriteResult(await type.adapter(call).create(draft, call))
  const stored = checkStored(type, 'create', resource)
  if (isWatched(context, type)) {
    await emitChange(context, type, {
      action: 'created',
      id: String(stored.id),
      resource: stored,
      changes,
      attributes: Object.keys(draft),
    })
  }
  return stored
}

async function ask(context: Context, type: ResourceType, draft: Draft): Promise<void> {
  await askRule(context, type, {
    action: 'create',
    id: undefined,
    dependsOnStored: false,
    after: () => draft,
    given: draft,
  })
}
