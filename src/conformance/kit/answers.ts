import type { Candidates, ListQuery, Page, PatchResult, Stored } from '../../adapter/contract.js'
import { hasProperties, isIterable, propertiesOf } from '../../is-object.js'
import type { Json } from '../../schema/model/definition.js'
import { collected } from './collect.js'
import type { Subject } from './subject.js'
import { CallbackFailure, ContractViolation, show } from './violation.js'

// Checks of the results of callbacks. For a result that fails here a router answers 500.

/** A list as a client would receive it. */
export interface ListOutcome {
  readonly resources: readonly Stored[]
  readonly ids: readonly string[]
  readonly totalResults: number | undefined
  readonly next: Json | undefined
  readonly previous: Json | undefined
}

/** The version of a stored resource, in the form of the router. */
export function versionOf({ meta }: { readonly meta?: Stored['meta'] }): string | undefined {
  return meta?.version === undefined || meta.version === null ? undefined : String(meta.version)
}

/** The version of a stored resource of a type with versions: the caller refuses a resource without one. */
export function versionIn(stored: Pick<Stored, 'meta'>): string {
  return versionOf(stored) ?? ''
}

/** Returns the result of a patch, or throws a violation. */
export function checkedResult(subject: Subject, result: PatchResult): PatchResult {
  if (typeof result === 'object' && typeof result.changed === 'boolean') return result
  throw new ContractViolation(
    `${subject.name}.patch returned ${show(result)}, which is not the result of a patch`,
    'patch',
  )
}

/** Throws a violation unless the value is a stored resource. */
export function requireStored(
  { name, supports }: Subject,
  callback: string,
  stored: unknown,
): asserts stored is Stored {
  const fail = (what: string, section: 'stored' | 'versions' = 'stored'): never => {
    throw new ContractViolation(`${name}.${callback} returned ${what}`, section)
  }
  if (!hasProperties(stored) || Array.isArray(stored)) return fail('no resource')
  const { id, meta } = stored
  if ((typeof id !== 'string' || id === '') && typeof id !== 'number') return fail('a resource without id')
  if (/bulkId/i.test(String(id))) return fail('an id with the reserved text "bulkId"')
  const { version } = propertiesOf(meta)
  if (supports.versions && (version === undefined || version === null))
    fail('a resource without meta.version', 'versions')
}

/** A resource with its streamed lists read to their end. */
export async function collectedBy({ name }: Subject, callback: string, stored: Stored): Promise<Stored> {
  try {
    return await collected(stored)
  } catch (error) {
    throw new CallbackFailure(`${name}.${callback}`, error)
  }
}

/** Returns candidates, or throws a violation. */
export function requireIterable({ name }: Subject, answer: unknown): Candidates {
  if (isIterable(answer)) return answer as Candidates
  throw new ContractViolation(`${name}.list returned ${show(answer)}, neither a page nor candidates`, 'list')
}

/** Returns the page for a query, or throws a violation. */
export async function listed(subject: Subject, page: Page, { count, pagination }: ListQuery): Promise<ListOutcome> {
  const { name } = subject
  if (typeof page.resources !== 'object' || page.resources === null || !(Symbol.iterator in page.resources)) {
    throw new ContractViolation(`${name}.list returned a page whose resources are no list`, 'page')
  }
  const found = [...page.resources]
  if (found.length > count) {
    throw new ContractViolation(`${name}.list returned ${found.length} resources for count ${count}`, 'page')
  }
  const { totalResults } = page
  const isTotal = Number.isSafeInteger(totalResults) && (totalResults as number) >= found.length
  if (!isTotal && !(pagination === 'cursor' && totalResults === undefined)) {
    throw new ContractViolation(`${name}.list returned totalResults ${show(totalResults)}`, 'page')
  }
  const resources: Stored[] = []
  for (const one of found) {
    requireStored(subject, 'list', one)
    resources.push(await collectedBy(subject, 'list', one))
  }
  const { next, previous } = page as { readonly next?: Json; readonly previous?: Json }
  return { resources, ids: resources.map(({ id }) => String(id)), totalResults, next, previous }
}
