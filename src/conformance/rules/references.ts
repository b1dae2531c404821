import { propertiesOf } from '../../is-object.js'
import { type Attribute, isResourceReference, targetTypes } from '../../schema/model/attribute.js'
import type { Bench } from '../kit/bench.js'
import { plainDraft, valueIn } from '../kit/drafts.js'
import type { AdapterChecksOptions } from '../kit/options.js'
import { refusalOf } from '../kit/refusal.js'
import type { Rule } from '../kit/rule.js'
import type { Subject } from '../kit/subject.js'
import { ContractViolation, show } from '../kit/violation.js'
import { quote } from './filter-rule.js'

/** A reference, and the checked type that it may point to. */
interface Link {
  readonly attribute: Attribute
  readonly target: string
}

export const REFERENCES: readonly Rule[] = [
  {
    name: 'delete leaves no reference to the deleted resource',
    section: 'delete',
    applies: (subject, options) => linksOf(subject, options).length > 0,
    run: async (bench) => {
      for (const [index, link] of linksOf(bench.subject, bench.kit.options).entries())
        await expectGone(bench, link, index)
    },
  },
]

/** References to resources of the checked types, such as the members of a group and the manager of a user. */
function linksOf({ attributes }: Subject, { resourceTypes }: AdapterChecksOptions): readonly Link[] {
  return attributes.flatMap((attribute) => {
    const isWritable = attribute.mutability === 'readWrite' && !attribute.required
    if (!isWritable || !isResourceReference(attribute)) return []
    const targets = targetTypes(attribute).filter((name) => Object.hasOwn(resourceTypes, name))
    return targets.map((target) => ({ attribute, target }))
  })
}

async function expectGone(bench: Bench, { attribute, target }: Link, index: number): Promise<void> {
  const { kit, subject, me, plain, mine } = bench
  const { path, multiValued } = attribute
  const type = kit.subjects.get(target) as Subject
  const actor = bench.userOf(type)
  const make = async (number: number): Promise<string> => {
    // The mark differs from that of the resources that the check counts.
    const seed = { mark: `${mine().match(/"(kit-[^-]+)-/)?.[1] ?? 'kit'}y`, number, refer: () => [] }
    return String((await actor.create(plainDraft(type, seed))).id)
  }
  const [gone, stays] = [await make(10 * index + 1), await make(10 * index + 2)]
  const values = [
    { value: gone, ...typed(attribute, target) },
    { value: stays, ...typed(attribute, target) },
  ]
  const making = me.create(await plain(10 * index + 3, [attribute, multiValued ? values : values[0]]))
  // A store may refuse types that the schema allows: for example, a group may contain users only.
  if ((await refusalOf(making))?.status === 400) return
  const id = String((await making).id)
  const before = (await me.get(id))?.meta?.version
  await actor.delete(gone)
  const fail = (sentence: string): never => {
    throw new ContractViolation(`${target}.delete ${sentence}`, 'delete')
  }
  const expected = multiValued ? [stays] : []
  const listed = (await me.list({ filter: mine() })).resources.find((one) => String(one.id) === id)
  for (const [reader, found] of [
    ['get', await me.get(id)],
    ['list', listed],
  ] as const) {
    const left = [valueIn(found ?? {}, attribute) ?? []].flat()
    const ids = left.map((one) => String(propertiesOf(one).value))
    const isRight = ids.length === expected.length && ids.every((one) => expected.includes(one))
    if (!isRight)
      fail(`left ${show(ids)} in "${path}" of a ${subject.name} by ${reader}, whose ${show(gone)} was deleted`)
  }
  // RFC 7644 section 3.14: a client that keeps a resource sends its version to learn whether the resource has changed.
  if (subject.supports.versions && (await me.get(id))?.meta?.version === before)
    fail(`left the version of a ${subject.name} as it was, though "${path}" lost ${show(gone)}`)
  const { ids } = await me.list({ filter: `${path}.value eq ${quote(gone)}` })
  if (ids.includes(id))
    fail(`left a ${subject.name} that is found by ${path}.value eq ${show(gone)}, which was deleted`)
  // A new resource must not get the memberships of a deleted one.
  const again = await make(10 * index + 1)
  const { ids: heirs } = await me.list({ filter: `${path}.value eq ${quote(again)}` })
  if (heirs.includes(id)) fail(`left in "${path}" of a ${subject.name} what a new resource then stands for`)
  for (const one of [stays, again]) await actor.delete(one)
  await me.delete(id)
}

/** RFC 7643 section 4.2: a member is a User or a Group. A store may need the type. */
function typed(attribute: Attribute, target: string): { readonly type?: string } {
  return attribute.multiValued && attribute.subAttribute('type') ? { type: target } : {}
}
