import type { AttributeChange, Changes } from '../../adapter/contract.js'
import { asWriteResult } from '../../adapter/write-result.js'
import { type Bench, firstReferenceList } from '../kit/bench.js'
import { legalDraft } from '../kit/drafts.js'
import type { Rule } from '../kit/rule.js'
import { show } from '../kit/violation.js'

export const CHANGES: readonly Rule[] = [
  {
    name: 'changes of create, replace and delete are the values that were really added and removed',
    section: 'stored',
    applies: (subject) => firstReferenceList(subject) !== undefined,
    run: async (bench) => {
      const { subject, me, plain } = bench
      const list = firstReferenceList(subject)
      if (!list) return
      const [one = '', two = '', three = ''] = await bench.targets(list, 3)
      const draft = async (...ids: string[]) =>
        legalDraft(subject, await plain(1, [list, ids.map((value) => ({ value }))]), true)

      const first = await draft(one, two)
      const created = asWriteResult(await me.caller.write('create', (adapter, call) => adapter.create(first, call)))
      const id = String(created.resource.id)
      const second = await draft(two, three)
      const replaced = await me.caller.write('replace', (adapter, call) => adapter.replace(id, second, call))
      const outcome = await me.caller.write('delete', (adapter, call) => adapter.delete(id, call))
      verifyChange(bench, 'create', created.changes, list.path, { added: [one, two], removed: [] })
      if (replaced && replaced !== 'stale') {
        const { changes } = asWriteResult(replaced)
        verifyChange(bench, 'replace', changes, list.path, { added: [three], removed: [one] })
      }
      const gone = typeof outcome === 'object' ? outcome.changes : undefined
      verifyChange(bench, 'delete', gone, list.path, { added: [], removed: [two, three] })
    },
  },
]

/** An adapter need not report changes: the router then compares the resources, or emits no event. */
function verifyChange(
  { verify }: Bench,
  callback: string,
  changes: Changes | undefined,
  path: string,
  expected: AttributeChange,
): void {
  if (changes === undefined) return
  const { added = [], removed = [] } = changes[path] ?? {}
  const isRight = isSame(added, expected.added) && isSame(removed, expected.removed)
  verify(isRight, callback, `told of "${path}" ${show({ added, removed })} in place of ${show(expected)}`)
}

function isSame(told: readonly string[], expected: readonly string[]): boolean {
  return told.length === expected.length && expected.every((value) => told.includes(value))
}
