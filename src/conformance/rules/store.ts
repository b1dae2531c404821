import { setTimeout as delay } from 'node:timers/promises'
import { isPage } from '../../adapter/page.js'
import { ScimError } from '../../error.js'
import { firstReferenceList } from '../kit/bench.js'
import { valueIn } from '../kit/drafts.js'
import { listQuery } from '../kit/query.js'
import type { Rule } from '../kit/rule.js'
import { CallbackFailure, show } from '../kit/violation.js'

/** More than the number of connections of a pool. */
const LEFT_EARLY = 40

/** Messages of databases and drivers about connections and time. Such failures are not the client's fault. */
const UNRELATED = [
  undefined,
  'ECONNRESET',
  'ETIMEDOUT',
  '57P01',
  '08006',
  '40001',
  'P1001',
  'ER_LOCK_DEADLOCK',
  'SQLITE_BUSY',
]

export const STORE: readonly Rule[] = [
  {
    name: 'a list that is left early keeps no connection or cursor open',
    section: 'list',
    run: async (bench) => {
      const { kit, subject, me, full, mine, verify } = bench
      const list = firstReferenceList(subject)
      const id = String((await me.create(await full(1))).id)
      await me.create(await full(2))
      const { openHandles } = kit.options
      const before = await openHandles?.()
      for (let count = 0; count < LEFT_EARLY; count += 1) {
        const query = listQuery(subject.schema, count % 2 === 0 ? { filter: mine() } : {})
        await me.caller.read('list', async (adapter, call) => {
          const answer: unknown = await adapter.list(query, call)
          await leaveEarly(isPage(answer) ? answer.resources : answer)
        })
        await me.caller.read('get', async (adapter, call) => {
          const found = await adapter.get(id, call)
          if (list && found) await leaveEarly(valueIn(found, list))
        })
      }
      // If the pool has no free connection, this call waits until the kit's timeout, and the kit reports it.
      verify((await me.get(id)) !== undefined, 'get', `finds nothing after ${LEFT_EARLY} lists were left early`)
      if (openHandles === undefined) return
      // Closing may take a moment.
      for (let wait = 0; wait < 50 && (await openHandles()) !== before; wait += 1) await delay(20)
      const after = await openHandles()
      verify(
        after === before,
        'list',
        `left early ${LEFT_EARLY} times, and there are ${after} open handles, ${before} before`,
      )
    },
  },
  {
    name: 'a failure of the store is an error, never a missing resource',
    section: 'errors',
    applies: (_subject, { breakStore }) => breakStore !== undefined,
    run: async (bench) => {
      const { kit, subject, me, plain, verify } = bench
      const draft = await plain(1)
      const id = String((await me.create(draft)).id)
      const operations = [{ op: 'replace', path: subject.mark.path, value: 'changed' }] as const
      const replacing = await plain(2)
      const repair = await kit.options.breakStore?.()
      try {
        const callbacks: readonly (readonly [string, () => Promise<unknown>])[] = [
          ['get', () => me.get(id)],
          ['list', () => me.list({})],
          ['create', () => me.create(replacing)],
          ['replace', () => me.replace(id, replacing)],
          ['patch', () => me.patch(id, operations)],
          ['delete', () => me.delete(id)],
        ]
        for (const [callback, work] of callbacks) {
          const outcome = await outcomeOf(work())
          verify(outcome instanceof CallbackFailure, callback, `gave ${show(outcome)} while the store failed`)
          const thrown = outcome instanceof CallbackFailure ? outcome.thrown : undefined
          const isRefusal = ScimError.is(thrown) && thrown.status < 500
          verify(
            !isRefusal,
            callback,
            `made ${ScimError.is(thrown) ? thrown.status : ''} of a store that failed: a client would take it for its own fault`,
          )
        }
      } finally {
        await repair?.()
      }
      verify((await me.get(id)) !== undefined, 'get', 'finds nothing once the store works again')
      verify((await me.delete(id)) === true, 'delete', 'does not delete once the store works again')
    },
  },
  {
    name: 'mapError turns only the errors that it knows into a refusal',
    section: 'errors',
    applies: (_subject, { mapError }) => mapError !== undefined,
    run: async ({ kit, verify }) => {
      for (const code of UNRELATED) {
        const error = Object.assign(new Error('made by the kit'), code === undefined ? {} : { code })
        const told = kit.options.mapError?.(error)
        const isRight = !ScimError.is(told) || told.status >= 500
        const what = code === undefined ? 'an error without a code' : `an error with the code ${code}`
        verify(isRight, 'mapError', `made ${told?.status} of ${what}: a client would think that it caused the failure`)
      }
    },
  },
  {
    name: 'a transaction that fails leaves no changes',
    section: 'transactions',
    applies: (_subject, { transaction }) => transaction !== undefined,
    run: async (bench) => {
      const { kit, me, plain, mine, verify } = bench
      const { transaction } = kit.options
      const id = String((await me.create(await plain(1))).id)
      const draft = await plain(2)
      const call = await me.caller.read('get', (_adapter, given) => given)
      const undone = new Error('undone by the kit')
      await transaction?.(async (handle) => {
        const within = { ...call, transaction: handle, ifMatch: undefined }
        const adapter = await bench.subject.adapter(within)
        await adapter.create(draft, within)
        await adapter.delete(id, within)
        throw undone
      }, call).catch((error: unknown) => {
        if (error !== undone) throw error
      })
      verify((await me.get(id)) !== undefined, 'delete', 'in a transaction that failed has deleted')
      const { totalResults } = await me.list({ filter: mine() })
      verify(totalResults === 1, 'create', `in a transaction that failed left ${totalResults} resources in place of 1`)
    },
  },
  {
    name: 'the kit is told the abilities that the adapter declares',
    section: 'versions',
    applies: (subject) => subject.options.adapter === undefined,
    run: async ({ subject, me, verify }) => {
      const claimed = await me.caller.read('supports', (adapter) => adapter.supports)
      const { versions = false, cursor } = claimed ?? {}
      const isSame = versions === (subject.supports.versions ?? false) && cursor === subject.supports.cursor
      const told = `is ${show(claimed)}, and resourceTypes.${subject.name}.supports ${show(subject.supports)}: some checks are left out`
      verify(claimed === undefined || isSame, 'supports', told)
    },
  },
]

async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work
  } catch (error) {
    return error
  }
}

/** Takes the first element of an iterable, then leaves the loop. */
async function leaveEarly(list: unknown): Promise<void> {
  if (typeof list !== 'object' || list === null || Array.isArray(list)) return
  if (Symbol.asyncIterator in list) {
    for await (const _ of list as AsyncIterable<unknown>) break
  } else if (Symbol.iterator in list) {
    for (const _ of list as Iterable<unknown>) break
  }
}
