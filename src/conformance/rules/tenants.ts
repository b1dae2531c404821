import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import type { Actor } from '../kit/actor.js'
import { type Bench, firstReferenceList } from '../kit/bench.js'
import { uniqueTexts } from '../kit/choose.js'
import { difference } from '../kit/compare.js'
import { assign, valueIn } from '../kit/drafts.js'
import { refusalOf } from '../kit/refusal.js'
import type { Rule } from '../kit/rule.js'
import { CallbackFailure, show } from '../kit/violation.js'

/** Every rule needs a second tenant. */
const between = (
  rule: Omit<Rule, 'section' | 'applies' | 'run'> & {
    readonly run: (bench: Bench, stranger: Actor) => Promise<void>
  } & {
    readonly applies?: Rule['applies']
  },
): Rule => ({
  ...rule,
  section: 'per-tenant',
  applies: (subject, options) => options.identities?.length !== 1 && (rule.applies?.(subject, options) ?? true),
  run: async (bench) => {
    if (bench.stranger) await rule.run(bench, bench.stranger)
  },
})

export const TENANTS: readonly Rule[] = [
  between({
    name: 'the resource of one tenant does not exist for another',
    run: async (bench, stranger) => {
      const { subject, me, full, plain, verify } = bench
      const draft = await full(1)
      const id = String((await me.create(draft)).id)
      verify((await stranger.get(id)) === undefined, 'get', 'gave a tenant the resource of another tenant')
      const replaced = await stranger.replace(id, await plain(2))
      verify(replaced === undefined, 'replace', `gave ${show(replaced)} to a tenant for the resource of another`)
      const operation = { op: 'replace', path: subject.mark.path, value: 'stolen' } as const
      const patched = await stranger.patch(id, [operation])
      verify(patched === undefined, 'patch', `gave ${show(patched)} to a tenant for the resource of another`)
      const deleted = await stranger.delete(id)
      verify(deleted === false, 'delete', `gave ${show(deleted)} to a tenant for the resource of another`)
      // A 412 for a version would reveal that the resource exists.
      for (const ifMatch of [['1'], []]) {
        const outcome = await stranger.delete(id, ifMatch)
        verify(outcome === false || outcome === 'stale', 'delete', 'deleted for a tenant the resource of another')
      }
      const kept = difference(subject, draft, (await me.get(id)) ?? {})
      verify(kept === undefined, 'replace', `patch or delete by another tenant made get return ${kept}`)
    },
  }),
  between({
    name: 'a request without a tenant finds nothing of any tenant',
    run: async (bench) => {
      const { subject, me, full, plain, mine, verify } = bench
      const nobody = bench.nobody()
      const draft = await full(1)
      const id = String((await me.create(draft)).id)
      // An adapter may refuse every call without tenant, with any error.
      const outcome = <T>(work: Promise<T>): Promise<T | undefined> => work.catch(onlyRefusals)
      verify(
        (await outcome(nobody.get(id))) === undefined,
        'get',
        'gave a request without tenant a resource of a tenant',
      )
      for (const kitQuery of [{ filter: mine() }, { filter: `id eq ${JSON.stringify(id)}` }, {}]) {
        const listed = await outcome(nobody.list(kitQuery))
        const isEmpty = !listed?.ids.includes(id)
        verify(
          isEmpty,
          'list',
          `gave a request without tenant a resource of a tenant${kitQuery.filter ? ` for the filter ${kitQuery.filter}` : ''}`,
        )
      }
      const replaced = await outcome(nobody.replace(id, await plain(2)))
      verify(
        replaced === undefined,
        'replace',
        `gave ${show(replaced)} to a request without tenant for a resource of a tenant`,
      )
      const operation = { op: 'replace', path: subject.mark.path, value: 'stolen' } as const
      const patched = await outcome(nobody.patch(id, [operation]))
      verify(
        patched === undefined,
        'patch',
        `gave ${show(patched)} to a request without tenant for a resource of a tenant`,
      )
      const deleted = await outcome(nobody.delete(id))
      verify(!deleted, 'delete', `gave ${show(deleted)} to a request without tenant for a resource of a tenant`)
      const kept = difference(subject, draft, (await me.get(id)) ?? {})
      verify(kept === undefined, 'replace', `patch or delete without tenant made get return ${kept}`)
      const made = await outcome(nobody.create(await plain(3)))
      if (made)
        verify((await me.get(String(made.id))) === undefined, 'create', 'without tenant made a resource of a tenant')
    },
  }),
  between({
    name: 'no list of one tenant has or counts a resource of another',
    run: async (bench, stranger) => {
      const { subject, me, full, plain, mine, verify } = bench
      const draft = await full(1)
      const id = String((await me.create(draft)).id)
      const own = String((await stranger.create(await plain(2))).id)
      const filters = [
        `id eq ${JSON.stringify(id)}`,
        mine(),
        ...[subject.mark, ...uniqueTexts(subject)].map(equal(draft)),
      ]
      for (const filter of filters) {
        for (const kitQuery of [{ filter }, { filter, count: 0 }, { filter, sortBy: subject.mark }]) {
          const { ids, totalResults } = await stranger.list(kitQuery)
          const isOwn = ids.every((one) => one === own)
          verify(isOwn, 'list', `gave a tenant the resource of another for the filter ${filter}`)
          const total = filter === mine() ? 1 : 0
          verify(
            totalResults === total,
            'list',
            `counted ${totalResults} in place of ${total} for the filter ${filter}`,
          )
        }
      }
      const walked = await stranger.list({ count: 200 }, ['id', 'meta'])
      verify(!walked.ids.includes(id), 'list', 'gave a tenant the resource of another without a filter')
    },
  }),
  between({
    name: 'a cursor position of one tenant is invalid for another',
    applies: ({ supports }) => supports.cursor !== undefined,
    run: async (bench, stranger) => {
      const { me, plain, mine, verify } = bench
      const created: string[] = []
      for (const number of [1, 2, 3, 4]) created.push(String((await me.create(await plain(number))).id))
      const { next } = await me.list({ filter: mine(), count: 2, after: null })
      if (next === undefined) return
      await refusalOf(
        stranger.list({ filter: mine(), after: next }).then(({ ids }) => {
          verify(
            !ids.some((id) => created.includes(id)),
            'list',
            'accepted for a tenant the position of another tenant',
          )
        }),
      )
    },
  }),
  between({
    name: 'a unique value of one tenant is free for another',
    applies: (subject) => uniqueTexts(subject).length > 0,
    run: async (bench, stranger) => {
      const { subject, me, plain, full, verify } = bench
      for (const [index, attribute] of uniqueTexts(subject).entries()) {
        const value = valueIn(await full(index), attribute)
        await me.create(await plain(index, [attribute, value]))
        const refusal = await refusalOf(stranger.create(await plain(10 + index, [attribute, value])))
        const told = `told a tenant that another one has a "${attribute.path}"`
        verify(refusal === undefined, 'create', told)
      }
    },
  }),
  between({
    name: 'a reference to a resource of another tenant shows nothing of it',
    applies: (subject) => firstReferenceList(subject) !== undefined,
    run: async (bench, stranger) => {
      const { subject, plain, targets, verify } = bench
      const attribute = firstReferenceList(subject)
      if (!attribute) return
      const [value] = await targets(attribute, 1)
      const id = String((await stranger.create(await plain(1))).id)
      const operation = { op: 'add', path: attribute.path, value: [{ value }] } as const
      // The adapter may refuse the reference, or store it as the client sent it.
      if (await refusalOf(stranger.patch(id, [operation]))) return
      const shown = valueIn((await stranger.get(id)) ?? {}, attribute)
      const reference = Array.isArray(shown) ? shown[0] : undefined
      const display = reference?.display
      verify(
        display === undefined || display === null,
        'get',
        `told a tenant the name ${show(display)} of a resource of another`,
      )
    },
  }),
]

function onlyRefusals(error: unknown): undefined {
  if (error instanceof CallbackFailure) return undefined
  throw error
}

const equal =
  (draft: JsonObject) =>
  (attribute: Attribute): string => {
    const holder = {}
    assign(holder, attribute, valueIn(draft, attribute))
    return `${attribute.path} eq ${JSON.stringify(valueIn(holder, attribute))}`
  }
