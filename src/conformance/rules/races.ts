import { versionIn } from '../kit/answers.js'
import { firstReferenceList, growingList } from '../kit/bench.js'
import { uniqueTexts } from '../kit/choose.js'
import { valueIn } from '../kit/drafts.js'
import { isRefusedAsTaken } from '../kit/refusal.js'
import type { Rule } from '../kit/rule.js'
import { hasVersions, textPatch, variant } from './versions.js'

const WRITERS = 10

export const RACES: readonly Rule[] = [
  {
    name: `of ${WRITERS} replaces under one version one succeeds`,
    section: 'versions',
    applies: hasVersions,
    run: async (bench) => {
      const { me, verify } = bench
      const created = await me.create(await variant(bench, 'a'))
      const ifMatch = [versionIn(created)]
      const drafts = await Promise.all(numbers().map((number) => variant(bench, `writer ${number}`)))
      const outcomes = await Promise.all(drafts.map((draft) => me.replace(String(created.id), draft, ifMatch)))
      const written = outcomes.filter((outcome) => typeof outcome === 'object').length
      verify(written === 1, 'replace', `let ${written} of ${WRITERS} writers succeed that had read the same version`)
    },
  },
  {
    name: 'of a replace, a patch and a delete with the same version only one succeeds',
    section: 'versions',
    applies: hasVersions,
    run: async (bench) => {
      const { me, verify } = bench
      for (let round = 0; round < 6; round += 1) {
        const draft = await variant(bench, 'a')
        const created = await me.create(draft)
        const id = String(created.id)
        const ifMatch = [versionIn(created)]
        const replacing = await variant(bench, 'b')
        const work = [
          () => me.replace(id, replacing, ifMatch).then((outcome) => typeof outcome === 'object'),
          () => me.patch(id, textPatch(bench, 'c', draft), ifMatch).then((outcome) => typeof outcome === 'object'),
          () => me.delete(id, ifMatch).then((outcome) => outcome === true),
        ]
        const turned = [...work.slice(round % 3), ...work.slice(0, round % 3)]
        const done = (await Promise.all(turned.map((write) => write()))).filter(Boolean).length
        verify(done === 1, 'replace', `, patch and delete under one version: ${done} of 3 succeeded`)
        await me.delete(id)
      }
    },
  },
  {
    name: `of ${WRITERS} patches at once none is lost`,
    section: 'patch',
    applies: (subject) => hasVersions(subject) && growingList(subject) !== undefined,
    run: async (bench) => {
      const { subject, me, plain, targets, verify } = bench
      const attribute = growingList(subject)
      if (!attribute) return
      const values =
        attribute === firstReferenceList(subject)
          ? (await targets(attribute, WRITERS)).map((value) => ({ value }))
          : numbers().map((number) => valueFor(attribute.type, number))
      const id = String((await me.create(await plain(1))).id)
      await Promise.all(values.map((value) => me.patch(id, [{ op: 'add', path: attribute.path, value: [value] }])))
      const found = valueIn((await me.get(id)) ?? {}, attribute)
      const count = Array.isArray(found) ? found.length : 0
      verify(
        count === WRITERS,
        'patch',
        `lost ${WRITERS - count} of ${WRITERS} values that were added at once to "${attribute.path}"`,
      )
    },
  },
  {
    name: `of ${WRITERS} creates with one unique value one succeeds`,
    section: 'uniqueness',
    applies: (subject) => uniqueTexts(subject).length > 0,
    run: async (bench) => {
      const { subject, me, plain, mine, verify } = bench
      for (const attribute of uniqueTexts(subject)) {
        const value = valueIn(await bench.full(1), attribute)
        const drafts = await Promise.all(numbers().map((number) => plain(number, [attribute, value])))
        const refused = await Promise.all(drafts.map((draft) => isRefusedAsTaken(me.create(draft))))
        const made = refused.filter((isRefused) => !isRefused).length
        verify(made === 1, 'create', `let ${made} of ${WRITERS} succeed at once with the same "${attribute.path}"`)
        const { ids } = await me.list({ filter: mine(), count: 50 })
        verify(ids.length === 1, 'create', `refused all but one, and left ${ids.length} resources`)
        for (const id of ids) await me.delete(id)
      }
    },
  },
]

function numbers(): number[] {
  return Array.from({ length: WRITERS }, (_, index) => index)
}

function valueFor(type: string, number: number): unknown {
  if (type === 'complex') return { value: `writer-${number}@example.com`, type: 'work' }
  return type === 'string' ? `writer ${number}` : number
}
