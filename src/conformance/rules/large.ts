import { asWriteResult } from '../../adapter/write-result.js'
import { hasProperties } from '../../is-object.js'
import type { Attribute } from '../../schema/model/attribute.js'
import { type Bench, firstReferenceList, growingList } from '../kit/bench.js'
import { legalDraft, valueIn } from '../kit/drafts.js'
import type { Rule } from '../kit/rule.js'

/** The lengths of a list, in ascending order. */
const SIZES = [10, 50, 64, 100, 128, 200, 250, 256, 500, 512, 1_000, 1_024].flatMap((size) => [
  size - 1,
  size,
  size + 1,
])

export const LARGE: readonly Rule[] = [
  {
    name: 'a list with very many values comes back whole, and is changed value by value',
    section: 'stored',
    applies: (subject) => growingList(subject) !== undefined,
    run: async (bench) => {
      const { kit, me, plain, mine, verify } = bench
      const attribute = growingList(bench.subject)
      if (!attribute) return
      const { path } = attribute
      const values = await manyValues(bench, attribute, kit.members + 2)
      const sizes = SIZES.filter((size) => size <= kit.members)
      const id = String((await me.create(await plain(1, [attribute, values.slice(0, sizes[0] ?? kit.members)]))).id)
      const expectCount = async (count: number, callback: string, done: string): Promise<void> => {
        const [listed] = (await me.list({ filter: mine() })).resources
        for (const [reader, stored] of [
          ['get', await me.get(id)],
          ['list', listed],
        ] as const) {
          const found = keysOf(valueIn(stored ?? {}, attribute))
          const told = `${done} and ${reader} gave ${found.length} of ${count} values of "${path}"`
          verify(found.length === count && new Set(found).size === count, callback, told)
        }
      }
      await expectCount(sizes[0] ?? kit.members, 'create', 'stored a list')
      // Stores read long lists in batches; values are lost or doubled at the edges of a batch.
      let there = sizes[0] ?? kit.members
      for (const size of [...sizes.slice(1), kit.members]) {
        if (size <= there) continue
        await me.patch(id, [{ op: 'add', path, value: values.slice(there, size) }])
        await expectCount(size, 'patch', `made ${size} values of ${there}`)
        there = size
      }
      const half = Math.ceil(kit.members / 2)
      await replaceAll(bench, id, attribute, values.slice(0, half), { added: 0, removed: kit.members - half })
      await expectCount(half, 'replace', 'halved a long list')
      await replaceAll(bench, id, attribute, values.slice(0, kit.members), { added: kit.members - half, removed: 0 })
      await expectCount(kit.members, 'replace', 'doubled a list')
      await me.patch(id, [{ op: 'add', path, value: values.slice(kit.members) }])
      await expectCount(kit.members + 2, 'patch', 'added two values to a long list')
      const [first] = values
      const key = hasProperties(first) ? first.value : first
      await me.patch(id, [{ op: 'remove', path: `${path}[value eq ${JSON.stringify(key)}]` }])
      await expectCount(kit.members + 1, 'patch', 'removed one value of a long list')
      await me.replace(id, await plain(1, [attribute, values.slice(2)]))
      await expectCount(kit.members, 'replace', 'replaced a long list by another')
      await me.patch(id, [{ op: 'remove', path }])
      await expectCount(0, 'patch', 'removed a long list')
    },
  },
]

/** Replaces a list, and checks the changes of members that the adapter reports. */
async function replaceAll(
  bench: Bench,
  id: string,
  attribute: Attribute,
  values: readonly unknown[],
  expected: { readonly added: number; readonly removed: number },
): Promise<void> {
  const { subject, me, plain, verify } = bench
  const draft = legalDraft(subject, await plain(1, [attribute, values]), true)
  const answer = await me.caller.write('replace', (adapter, call) => adapter.replace(id, draft, call))
  if (!answer || answer === 'stale') return
  const told = asWriteResult(answer).changes?.[attribute.path]
  if (told === undefined) return
  const [added, removed] = [told.added.length, told.removed.length]
  verify(
    added === expected.added && removed === expected.removed,
    'replace',
    `told that ${added} values of "${attribute.path}" came and ${removed} went, and ${expected.added} came and ${expected.removed} went`,
  )
}

async function manyValues(bench: Bench, attribute: Attribute, count: number): Promise<readonly unknown[]> {
  if (attribute === firstReferenceList(bench.subject)) {
    return (await bench.targets(attribute, count)).map((value) => ({ value }))
  }
  const numbers = Array.from({ length: count }, (_, index) => index)
  if (attribute.type === 'complex') return numbers.map((number) => ({ value: `value-${number}`, type: 'work' }))
  return numbers.map((number) => (attribute.type === 'string' ? `value ${number}` : number))
}

function keysOf(values: unknown): readonly string[] {
  if (!Array.isArray(values)) return []
  return values.map((one) => String(typeof one === 'object' && one !== null ? one.value : one))
}
