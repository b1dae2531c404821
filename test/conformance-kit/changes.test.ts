import type { Changes } from '../../src/adapter/contract.js'
import { asWriteResult } from '../../src/adapter/write-result.js'
import { adapterChecks } from '../../src/conformance/index.js'
import { memoryAdapters } from '../../src/memory/index.js'

const NAME = /changes of create, replace and delete are the values that were really added and removed/

type Told = (callback: string, draft: any) => Changes | undefined

/** Runs the rule over groups whose writes report the given changes. */
function check(told: Told): Promise<void> {
  const { users, groups } = memoryAdapters()
  const adapter: typeof groups = {
    ...groups,
    create: async (draft, call) => {
      const { resource } = asWriteResult((await groups.create(draft, call)) as never)
      return { resource: resource as never, changes: told('create', draft) }
    },
    replace: async (id, draft, call) => {
      const outcome = await groups.replace(id, draft, call)
      if (!outcome || outcome === 'stale') return outcome
      const { resource } = asWriteResult(outcome as never)
      return { resource: resource as never, changes: told('replace', draft) }
    },
    delete: async (id, call) => {
      const outcome = await groups.delete(id, call)
      const changes = told('delete', {})
      return outcome === true && changes ? { changes } : outcome
    },
  }
  const resourceTypes = { User: { adapter: users }, Group: { adapter } }
  const [found] = adapterChecks({ resourceTypes } as never).filter(({ name }) => NAME.test(name))
  return found!.run() as Promise<void>
}

const membersOf = (draft: any): string[] => (draft.members ?? []).map(({ value }: { value: string }) => value)

test('an adapter that tells nothing keeps the rule', async () => {
  await check(() => undefined)
})

test.each([
  ['create', 'tells that nobody came', { added: [], removed: [] }],
  ['delete', 'tells that nobody left', { added: [], removed: [] }],
] as const)('%s that %s breaks it', async (callback, _title, change) => {
  await expect(check((called) => (called === callback ? { members: change } : undefined))).rejects.toThrow(
    new RegExp(`${callback} told of "members" .* in place of `),
  )
})

test('replace that tells of everybody who is there breaks it', async () => {
  const told: Told = (callback, draft) =>
    callback === 'replace' ? { members: { added: membersOf(draft), removed: [] } } : undefined
  await expect(check(told)).rejects.toThrow(/replace told of "members" .* in place of /)
})
