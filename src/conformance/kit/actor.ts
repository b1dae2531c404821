import { setTimeout as delay } from 'node:timers/promises'
import { finishCandidates } from '../../adapter/candidates.js'
import type { Draft, PatchResult, ResourceAdapter, Stored } from '../../adapter/contract.js'
import { isPage } from '../../adapter/page.js'
import { selectionFor } from '../../adapter/selections.js'
import { withoutAssigned } from '../../adapter/without-assigned.js'
import { asWriteResult } from '../../adapter/write-result.js'
import { strict } from '../../compatibility.js'
import { patchOf } from '../../patch/delta.js'
import { normalizePatch } from '../../patch/normalize.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { PATCH_OP } from '../../urn.js'
import {
  checkedResult,
  collectedBy,
  type ListOutcome,
  listed,
  requireIterable,
  requireStored,
  versionOf,
} from './answers.js'
import { type Caller, callerOf, type Select, type Surroundings } from './caller.js'
import { legalDraft } from './drafts.js'
import { type KitQuery, listQuery } from './query.js'
import type { Subject } from './subject.js'
import { CallbackFailure, ContractViolation, show } from './violation.js'

/** A PATCH operation as a client writes it. */
export interface SentOperation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path?: string
  readonly value?: unknown
}

/** The result of a patch, and whether the adapter declined it, so that get, apply and replace ran instead. */
export type PatchOutcome = (PatchResult & { readonly declined: boolean }) | 'stale' | undefined

/** Uses an adapter as a router does: with valid drafts, bound filters and complete lists. */
export interface Actor {
  readonly caller: Caller
  readonly create: (draft: JsonObject) => Promise<Stored>
  /** Reads streamed lists to their end. */
  readonly get: (id: string, select?: Select) => Promise<Stored | undefined>
  readonly list: (kitQuery: KitQuery, select?: Select) => Promise<ListOutcome>
  readonly replace: (
    id: string,
    draft: JsonObject,
    ifMatch?: readonly string[],
  ) => Promise<Stored | 'stale' | undefined>
  readonly delete: (id: string, ifMatch?: readonly string[]) => Promise<boolean | 'stale'>
  /** Calls `patch` of the adapter; if it is missing or declines, calls get, applies the patch, and calls replace. */
  readonly patch: (
    id: string,
    operations: readonly SentOperation[],
    ifMatch?: readonly string[],
  ) => Promise<PatchOutcome>
}

/**
 * @param created is called with the id of each created resource.
 * @param note is called before each call, with a function that describes the call.
 */
export function actorOf(
  subject: Subject,
  identity: Caller['identity'],
  surroundings: Surroundings,
  created: (id: string) => void,
  note: (step: () => string) => void,
): Actor {
  const caller = callerOf(subject, identity, surroundings, note)
  // The timeout limits the time of a list.
  const budget = { resources: 1_000_000, milliseconds: surroundings.timeout }
  const stored = async (callback: string, found: unknown): Promise<Stored> => {
    requireStored(subject, callback, found)
    return collectedBy(subject, callback, found)
  }
  const get: Actor['get'] = async (id, select) => {
    const found = await caller.read('get', (adapter, call) => adapter.get(id, call), select, forId(id))
    return found === undefined || found === null ? undefined : stored('get', found)
  }
  const put = async (id: string, legal: Draft, ifMatch: readonly string[] | undefined) => {
    const found = await caller.write('replace', (adapter, call) => adapter.replace(id, legal, call), ifMatch, forId(id))
    if (found === undefined || found === null) return undefined
    return found === 'stale' ? found : stored('replace', asWriteResult(found).resource)
  }
  return {
    caller,
    get,
    replace: (id, draft, ifMatch) => put(id, legalDraft(subject, draft, true), ifMatch),
    create: async (draft) => {
      const legal = legalDraft(subject, draft)
      const given = await caller.write('create', (adapter, call) => adapter.create(legal, call))
      const found = asWriteResult(given).resource
      requireStored(subject, 'create', found)
      created(String(found.id))
      return collectedBy(subject, 'create', found)
    },
    list: async (kitQuery, select) => {
      const query = listQuery(subject.schema, kitQuery)
      const finished = await caller.read(
        'list',
        async (adapter, call) => {
          const answer = await adapter.list(query, { ...call, select: selectionFor(call.select, query) })
          return isPage(answer) ? answer : finishCandidates(requireIterable(subject, answer), query, { budget })
        },
        select,
        () => forQuery(kitQuery),
      )
      return listed(subject, finished, query)
    },
    delete: async (id, ifMatch) => {
      const outcome = await caller.write('delete', (adapter, call) => adapter.delete(id, call), ifMatch, forId(id))
      if (typeof outcome === 'boolean' || outcome === 'stale') return outcome
      if (typeof outcome === 'object' && outcome?.changes !== undefined) return true
      throw new ContractViolation(`${subject.name}.delete returned ${show(outcome)}, not true or false`, 'delete')
    },
    patch: async (id, operations, ifMatch) => {
      const body = { schemas: [PATCH_OP], Operations: operations }
      const patch = patchOf(subject.schema, normalizePatch(subject.schema, body, { tolerate: strict }))
      const told = forId(id)
      const outcome = await caller.write(
        'patch',
        (adapter, call) => patchBy(adapter, id, patch, call),
        ifMatch,
        () => `${told()} and the operations ${show(operations)}`,
      )
      if (outcome === null || outcome === undefined) return undefined
      if (outcome === 'stale') return outcome
      if (outcome !== 'decline') return { ...checkedResult(subject, outcome), declined: false }

      for (let attempt = 0; attempt < 30; attempt += 1) {
        const before = await get(id)
        if (before === undefined) return undefined
        const version = versionOf(before)
        if (ifMatch && !ifMatch.includes(version ?? '')) return 'stale'
        const after = applied(subject, patch, before)
        if (after === before) return { changed: false, resource: before, version, declined: true }
        const condition = subject.supports.versions && version !== undefined ? [version] : undefined
        const resource = await put(id, withoutAssigned(after), condition)
        if (resource === undefined) return undefined
        if (resource !== 'stale') return { changed: true, resource, version: versionOf(resource), declined: true }
        if (ifMatch) return 'stale'
        await delay(Math.random() * 20)
      }
      throw new ContractViolation(`${subject.name}.replace returned 'stale' 30 times in a row`, 'versions')
    },
  }
}

function forId(id: string): () => string {
  return () => ` for the id ${show(id)}`
}

function forQuery({ filter, sortBy, sortOrder = 'ascending', startIndex, after, before }: KitQuery): string {
  const parts = [
    filter !== undefined && `the filter ${filter}`,
    sortBy && `sortBy ${sortBy.path} ${sortOrder}`,
    startIndex !== undefined && `startIndex ${startIndex}`,
    after !== undefined && `after ${show(after)}`,
    before !== undefined && `before ${show(before)}`,
  ].filter((part) => typeof part === 'string')
  return parts.length === 0 ? '' : ` for ${parts.join(', ')}`
}

function patchBy(adapter: ResourceAdapter, ...[id, patch, call]: Parameters<NonNullable<ResourceAdapter['patch']>>) {
  return adapter.patch === undefined ? 'decline' : adapter.patch(id, patch, call)
}

/** Applies a patch with the reference implementation. */
export function applyOperations(
  { schema }: Subject,
  operations: readonly SentOperation[],
  current: JsonObject,
): JsonObject {
  const body = { schemas: [PATCH_OP], Operations: operations }
  return patchOf(schema, normalizePatch(schema, body, { tolerate: strict })).apply(current)
}

function applied(subject: Subject, patch: ReturnType<typeof patchOf>, current: Stored): JsonObject {
  try {
    return patch.apply(current)
  } catch (error) {
    throw new CallbackFailure(`${subject.name}.patch`, error)
  }
}
