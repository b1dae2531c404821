import type { Attribute } from '../../schema/attribute.js'
import { type Bench, firstReferenceList } from '../bench.js'
import { simpleList, typedList } from '../choose.js'
import { valueIn } from '../drafts.js'
import type { Rule } from '../rule.js'
import type { Subject } from '../subject.js'

const largeList = (subject: Subject) => firstReferenceList(subject) ?? typedList(subject) ?? simpleList(subject)

export const LARGE: readonly Rule[] = [
  {
    name: 'a list with very many values comes back whole, and is changed value by value',
    section: 'stored',
    applies: (subject) => largeList(subject) !== undefined,
    run: async (bench) => {
      const { kit, me, plain, mine, verify } = bench
      const attribute = largeList(bench.subject)
      if (!attribute) return
      const { path } = attribute
      const values = await manyValues(bench, attribute, kit.members + 2)
      const id = String((await me.create(await plain(1, [attribute, values.slice(0, kit.members)]))).id)
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
      await expectCount(kit.members, 'create', 'stored a long list')
      await me.patch(id, [{ op: 'add', path, value: values.slice(kit.members) }])
      await expectCount(kit.members + 2, 'patch', 'added two values to a long list')
      const [first] = values
      const key = typeof first === 'object' ? (first as { value: unknown }).value : first
      await me.patch(id, [{ op: 'remove', path: `${path}[value eq ${JSON.stringify(key)}]` }])
      await expectCount(kit.members + 1, 'patch', 'removed one value of a long list')
      await me.replace(id, await plain(1, [attribute, values.slice(2)]))
      await expectCount(kit.members, 'replace', 'replaced a long list by another')
      await me.patch(id, [{ op: 'remove', path }])
      await expectCount(0, 'patch', 'removed a long list')
    },
  },
]

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
