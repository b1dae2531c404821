import { META } from '../../adapter/selections.js'
import { entityTag } from '../../adapter/versions.js'
import { ScimError } from '../../error.js'
import { inTurns } from '../../in-turns.js'
import { replaceReferences, type TakenOut, takeOut } from '../../message/bulk-reference.js'
import { patchOf } from '../../patch/delta.js'
import { normalizePatchInTurns } from '../../patch/normalize.js'
import { PATCH_OP } from '../../urn.js'
import { deleteResource } from '../operations/delete.js'
import { isWritable } from '../policy/access.js'
import type { Context } from '../request/context.js'
import { reportError } from '../request/report.js'
import { identifyReference } from '../request/resource-uri.js'
import type { ResourceType } from '../setup/resource-type.js'
import { patchResource } from '../writing/patch-resource.js'
import { creationOrder } from './circle-order.js'
import { type CreatedIds, type Outcome, send } from './send.js'
import type { CreatingStep, Step } from './step.js'

/** A circle that could not be closed, because one of its steps failed. */
export interface BrokenCircle {
  readonly step: Step
  readonly error: unknown
}

/** The references that a resource was created without, because their targets did not exist yet. */
interface Link {
  readonly step: CreatingStep
  readonly outcome: Outcome
  readonly taken: readonly TakenOut[]
}

/**
 * Creates resources that refer to each other. RFC 7644 section 3.7.1: "The service provider MUST try to resolve
 * circular cross-references": each is created without its references to later ones, and linked when all exist. When one
 * of them fails, none remains (decision A-68), unless the request is over by then: to undo the others would be further
 * writes behind the answer.
 *
 * @param created Takes the ids as they are given, and loses them when the circle fails.
 */
export async function createCircle(
  context: Context,
  steps: readonly CreatingStep[],
  created: Map<string, string>,
): Promise<ReadonlyMap<CreatingStep, Outcome> | BrokenCircle> {
  const outcomes = new Map<CreatingStep, Outcome>()
  const links: Link[] = []
  let [current] = steps
  try {
    const order = await inTurns(creationOrder(steps), () => context.breather.pauseIfDue())
    if (order.length < steps.length) {
      const placed = new Set(order)
      current = steps.find((step) => !placed.has(step)) ?? current
      throw new ScimError(
        409,
        'The operation and an operation that it requires refer to each other; neither can be created first.',
      )
    }
    const later = new Set(order.map(({ bulkId }) => bulkId))
    for (const step of order) {
      current = step
      context.throwIfOver()
      const { rest, taken } = takeOut(step.operation.data as Record<string, unknown>, (bulkId) => later.has(bulkId))
      const outcome = await send(context, step, rest, created)
      outcomes.set(step, outcome)
      created.set(step.bulkId, outcome.id)
      later.delete(step.bulkId)
      if (taken.length > 0) links.push({ step, outcome, taken })
      await context.breather.pauseIfDue()
    }
    for (const link of links) {
      current = link.step
      context.throwIfOver()
      outcomes.set(link.step, await linked(context, link, created))
      await context.breather.pauseIfDue()
    }
    return outcomes
  } catch (error) {
    if (!context.isOver) await undo(context, outcomes, created)
    if (current === undefined) throw error
    return { step: current, error }
  }
}

/** Adds the references left out. They are part of the permitted creation, so `authorize` is not asked again. */
async function linked(context: Context, { step, outcome, taken }: Link, created: CreatedIds): Promise<Outcome> {
  const { type } = step.target
  const data = replaceReferences(taken, (bulkId) => created.get(bulkId)) as readonly TakenOut[]
  const body = { schemas: [PATCH_OP], Operations: data.map(({ path, value }) => ({ op: 'add', path, value })) }
  const operations = await normalizePatchInTurns(
    type.schema,
    body,
    {
      tolerate: context.tolerate,
      identify: identifyReference(context),
      limits: context.provider.patchLimits,
    },
    () => context.breather.pauseIfDue(),
  )
  // A POST ignores attributes that the client may not write, and so does this second part of the POST.
  const permitted = operations.filter(({ attribute }) => isWritable(context, type, attribute))
  const patch = patchOf(type.schema, permitted)
  const { version } = await linking(patchResource(context, type, outcome.id, patch, undefined, META))
  return { ...outcome, version: versionTag(type, version) }
}

async function linking<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!ScimError.is(error) || error.status >= 500) throw error
    throw new ScimError(409, `Resources that refer to each other could not be linked: ${error.message}`)
  }
}

function versionTag({ supports }: ResourceType, version: string | number | undefined): string | undefined {
  return supports.versions && version !== undefined ? entityTag(version) : undefined
}

/** Removes the created resources. A transaction around all of them does so by itself. */
async function undo(
  context: Context,
  outcomes: ReadonlyMap<CreatingStep, Outcome>,
  created: Map<string, string>,
): Promise<void> {
  for (const [step, { id }] of outcomes) {
    created.delete(step.bulkId)
    if (context.isTransactional || context.isOver) continue
    try {
      await deleteResource(context, step.target.type, id, undefined)
    } catch (error) {
      reportError(context, error)
    }
  }
}
