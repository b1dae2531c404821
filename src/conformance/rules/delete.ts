import type { Rule } from '../kit/rule.js'
import { show } from '../kit/violation.js'

export const DELETE: readonly Rule[] = [
  {
    name: 'a deleted resource does not exist for any callback',
    section: 'delete',
    run: async ({ subject, me, plain, mine, verify }) => {
      const draft = await plain(1)
      const id = String((await me.create(draft)).id)
      const deleted = await me.delete(id)
      verify(deleted === true, 'delete', `gave ${show(deleted)} for a resource that existed`)
      verify((await me.get(id)) === undefined, 'get', 'still finds a deleted resource')
      const { ids, totalResults } = await me.list({ filter: mine() })
      verify(ids.length === 0 && totalResults === 0, 'list', 'still lists a deleted resource')
      verify((await me.replace(id, draft)) === undefined, 'replace', 'restored a deleted resource')
      const operation = { op: 'replace', path: subject.mark.path, value: 'changed' } as const
      verify((await me.patch(id, [operation])) === undefined, 'patch', 'restored a deleted resource')
      verify((await me.delete(id)) === false, 'delete', 'gave true for a resource that was already deleted')
    },
  },
  {
    name: 'delete deletes no other resource, and frees unique values',
    section: 'delete',
    run: async ({ me, plain, mine, verify }) => {
      const draft = await plain(1)
      const [id, other] = [String((await me.create(draft)).id), String((await me.create(await plain(2))).id)]
      await me.delete(id)
      verify((await me.get(other)) !== undefined, 'delete', 'also deleted another resource')
      const again = String((await me.create(draft)).id)
      const { ids } = await me.list({ filter: mine() })
      const isRight = ids.length === 2 && ids.includes(other) && ids.includes(again)
      verify(isRight, 'list', `gave ${show(ids)} after a resource was deleted and created again`)
    },
  },
]
