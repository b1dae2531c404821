import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { applyOperations, type PatchOutcome, type SentOperation } from '../kit/actor.js'
import { versionOf } from '../kit/answers.js'
import { type Bench, firstReferenceList } from '../kit/bench.js'
import { freeText, typedList } from '../kit/choose.js'
import { difference } from '../kit/compare.js'
import { assign, valueIn } from '../kit/drafts.js'
import { patchesFor } from '../kit/operations.js'
import { randomNumbers } from '../kit/random.js'
import { refusalOf } from '../kit/refusal.js'
import { type Rule, ruleAbout } from '../kit/rule.js'
import { show } from '../kit/violation.js'

const RANDOM_PATCHES = 60

export const PATCH: readonly Rule[] = [
  {
    name: 'a patch has the same result as the reference implementation',
    section: 'patch',
    run: async (bench) => {
      const draft = await bench.full(1)
      const id = String((await bench.me.create(draft)).id)
      let model = draft
      // Each patch twice: the second one must change nothing.
      for (const operations of await patches(bench)) {
        model = await expectSame(bench, id, operations, model)
        model = await expectSame(bench, id, operations, model)
      }
    },
  },
  {
    name: 'a patch changes no other resource, though it has the same values',
    section: 'patch',
    run: async (bench) => {
      const { subject, me, full, verify } = bench
      const [draft, other] = [await full(1), await full(2)]
      // The two resources have the same attributes, apart from unique attributes.
      const isOwn = ({ uniqueness, path }: Attribute): boolean => uniqueness !== 'none' || path === subject.mark.path
      for (const attribute of subject.attributes) {
        if (!isOwn(attribute)) assign(other, attribute, structuredClone(valueIn(draft, attribute)))
      }
      const id = String((await me.create(draft)).id)
      const otherId = String((await me.create(other)).id)
      for (const operations of await patches(bench)) {
        await me.patch(id, operations)
        const wrong = difference(subject, other, (await me.get(otherId)) ?? {})
        verify(wrong === undefined, 'patch', `of ${show(operations)} left another resource with ${wrong}`)
      }
    },
  },
  {
    name: 'patches in any order and combination have the same result as the reference implementation',
    section: 'patch',
    run: async (bench) => {
      const all = await patches(bench)
      const random = randomNumbers(20_240_501)
      const draft = await bench.plain(1)
      const id = String((await bench.me.create(draft)).id)
      let model = draft
      for (let count = 0; count < RANDOM_PATCHES; count += 1) {
        const chosen = Array.from({ length: 1 + random(3) }, () => all[random(all.length)] ?? [])
        model = await expectSame(bench, id, chosen.flat(), model)
      }
    },
  },
  ruleAbout({
    name: 'a patch that cannot be applied changes nothing',
    section: 'patch',
    part: (subject) => {
      const [text, list] = [freeText(subject, false), typedList(subject)]
      return text && list && { text, list }
    },
    run: async (bench, { text, list }) => {
      const { subject, me, full, verify } = bench
      const draft = await full(1)
      const id = String((await me.create(draft)).id)
      const before = await me.get(id)
      const operations: readonly SentOperation[] = [
        { op: 'replace', path: text.path, value: 'changed' },
        { op: 'add', path: list.path, value: [{ value: 'added@x.example', type: 'work' }] },
        { op: 'replace', path: `${list.path}[type eq "no such type"].value`, value: 'x' },
      ]
      const refusal = await refusalOf(me.patch(id, operations))
      const told = `answered ${show(refusal?.scimType)} for a path without a target, not the ScimError of patch.apply`
      verify(refusal?.scimType === 'noTarget', 'patch', told)
      const after = (await me.get(id)) ?? {}
      const changed = difference(subject, draft, after)
      verify(changed === undefined, 'patch', `failed in its last operation and made get return ${changed}`)
      const version = versionOf(after)
      verify(version === versionOf(before ?? {}), 'patch', `failed and made version ${show(version)}`)
    },
  }),
  {
    name: 'a patch that repeats the stored values changes neither version nor lastModified',
    section: 'patch',
    run: async (bench) => {
      const { me, plain, verify } = bench
      const id = String((await me.create(await plain(1))).id)
      for (const operations of await patches(bench)) {
        await me.patch(id, operations)
        const before = await me.get(id)
        // Some patches change the resource again when they are applied to their own result.
        if (!isIdempotent(bench, operations, { ...before })) continue
        const result = await me.patch(id, operations)
        const after = await me.get(id)
        const told = `of ${show(operations)} on a resource with these values`
        verify(
          typeof result === 'object' && result.changed === false,
          'patch',
          `${told} tells changed ${show(changedOf(result))}`,
        )
        verify(versionOf(after ?? {}) === versionOf(before ?? {}), 'patch', `${told} made another version`)
        const times = [before, after].map((stored) => new Date(stored?.meta?.lastModified ?? 0).getTime())
        verify(times[0] === times[1], 'patch', `${told} moved lastModified`)
      }
    },
  },
  {
    name: 'a patch returns the right version, resource and changes',
    section: 'patch',
    run: async (bench) => {
      const { subject, me, full, verify } = bench
      const list = firstReferenceList(subject)
      const id = String((await me.create(await full(1))).id)
      for (const operations of await patches(bench)) {
        const before = await me.get(id)
        const result = await me.patch(id, operations)
        const after = await me.get(id)
        verify(
          typeof result === 'object' && after !== undefined,
          'patch',
          `gave ${show(result)} for an existing resource`,
        )
        if (typeof result !== 'object' || after === undefined || before === undefined) return
        const version = result.version === undefined ? undefined : String(result.version)
        const told = `of ${show(operations)}`
        const hasVersions = subject.supports.versions === true
        verify(
          !hasVersions || version === versionOf(after),
          'patch',
          `${told} told version ${show(version)}, and get ${show(versionOf(after))}`,
        )
        const isMoved = difference(subject, before, after) !== undefined
        verify(
          result.changed === isMoved,
          'patch',
          `${told} told changed ${result.changed}, though there was ${isMoved ? 'a' : 'no'} change`,
        )
        const resource = result.resource && difference(subject, after, result.resource)
        verify(resource === undefined, 'patch', `${told} gave a resource with ${resource}`)
        const changes = list && result.changes?.[list.path]
        if (!list || !changes) continue
        for (const [name, [from, to]] of [
          ['added', [before, after]],
          ['removed', [after, before]],
        ] as const) {
          const there = valuesOf(from, list)
          const real = valuesOf(to, list).filter((value) => !there.includes(value))
          const claimed = changes[name]
          const isTrue = show([...claimed].sort()) === show([...real].sort())
          verify(isTrue, 'patch', `${told} told that it ${name} ${show(claimed)}, and it ${name} ${show(real)}`)
        }
      }
    },
  },
]

async function patches(bench: Bench): Promise<readonly (readonly SentOperation[])[]> {
  const { subject, targets } = bench
  const attribute = firstReferenceList(subject)
  const references = attribute && { attribute, ids: await targets(attribute, 6) }
  return patchesFor(subject, references)
}

/** Applies a patch in the store and to the model. Returns the new model. */
async function expectSame(
  { subject, me, verify }: Bench,
  id: string,
  operations: readonly SentOperation[],
  model: JsonObject,
): Promise<JsonObject> {
  const expected = applyOperations(subject, operations, model)
  const result = await me.patch(id, operations)
  verify(typeof result === 'object', 'patch', `gave ${show(result)} for a resource that is there`)
  const wrong = difference(subject, expected, (await me.get(id)) ?? {})
  verify(wrong === undefined, 'patch', `of ${show(operations)} made get return ${wrong}`)
  return expected
}

function isIdempotent({ subject }: Bench, operations: readonly SentOperation[], current: JsonObject): boolean {
  return applyOperations(subject, operations, current) === current
}

function changedOf(result: PatchOutcome): unknown {
  return typeof result === 'object' ? result.changed : result
}

function valuesOf(stored: object, attribute: Attribute): readonly string[] {
  const values = valueIn(stored, attribute)
  return Array.isArray(values) ? values.map(({ value }) => String(value)) : []
}
