import type { Rule } from '../kit/rule.js'
import { show } from '../kit/violation.js'

/** Ids that no store makes, or that only other kinds of store make. */
const FOREIGN = [
  '0',
  '1',
  '-1',
  '007',
  '1e3',
  'NaN',
  '99999999999999999999999999',
  '2819c223-7f76-453a-919d-413861904646',
  '2819C223-7F76-453A-919D-413861904646',
  '507f1f77bcf86cd799439011',
  'not an id',
  'a/b?c#d&e=f%20',
  '..',
  '../../etc/passwd',
  "' OR '1'='1",
  '1; DROP TABLE users',
  '"',
  '$ne',
  '{"$gt":""}',
  '%',
  '_',
  '*',
  '\\',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '😀',
  ' ',
  'null',
  'undefined',
  'true',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'x'.repeat(5_000),
]

export const MISSING: readonly Rule[] = [
  {
    name: 'ids that no resource has are missing, whatever their shape',
    section: 'missing',
    run: async ({ me, plain, verify }) => {
      const draft = await plain(1)
      const { id: gone } = await me.create(draft)
      await me.delete(String(gone))
      for (const id of [String(gone), ...FOREIGN]) {
        const found = await me.get(id)
        const told = `gave the resource ${show(found?.id)} for the id ${show(id)}`
        verify(found === undefined || String(found.id) === id, 'get', told)
        // A resource that the check did not create is left alone.
        if (found !== undefined) continue
        const replaced = await me.replace(id, draft)
        verify(
          replaced === undefined,
          'replace',
          `gave ${show(replaced)} for the id ${show(id)}, which no resource has`,
        )
        const deleted = await me.delete(id)
        verify(deleted === false, 'delete', `gave ${show(deleted)} for the id ${show(id)}, which no resource has`)
      }
    },
  },
  {
    name: 'a patch of an id that no resource has is missing, whatever its shape',
    section: 'missing',
    run: async ({ subject, me, verify }) => {
      for (const id of FOREIGN) {
        if ((await me.get(id)) !== undefined) continue
        const operation = { op: 'replace', path: subject.mark.path, value: 'changed' } as const
        const patched = await me.patch(id, [operation])
        verify(patched === undefined, 'patch', `gave ${show(patched)} for the id ${show(id)}, which no resource has`)
      }
    },
  },
  {
    name: 'ids are compared letter by letter',
    section: 'missing',
    run: async ({ me, plain, verify }) => {
      const draft = await plain(1)
      const id = String((await me.create(draft)).id)
      // An id with a leading zero or with a blank at its end is a different id, too.
      const others = [id.toUpperCase(), id.toLowerCase(), ` ${id}`, `${id} `, `0${id}`, `${id}.0`, `{${id}}`]
      for (const other of others.filter((text) => text !== id)) {
        const found = await me.get(other)
        if (found !== undefined && String(found.id) === other) continue
        verify(found === undefined, 'get', `gave the resource ${show(found?.id)} for the id ${show(other)}`)
        const deleted = await me.delete(other)
        verify(deleted === false, 'delete', `deleted the resource ${show(id)} for the id ${show(other)}`)
      }
      verify((await me.get(id)) !== undefined, 'get', `does not find the id ${show(id)} that create gave`)
    },
  },
  {
    name: 'id and version are returned whatever attributes are selected',
    section: 'stored',
    run: async ({ me, full, mine, verify }) => {
      const id = String((await me.create(await full(1))).id)
      // The caller throws if a resource has no id, or no version although the type supports versions.
      const found = await me.get(id, [])
      verify(String(found?.id) === id, 'get', `gave the id ${show(found?.id)} for a selection of no attribute`)
      const { ids } = await me.list({ filter: mine() }, ['id', 'meta'])
      verify(ids.length === 1 && ids[0] === id, 'list', `gave ${show(ids)} for a selection of few attributes`)
    },
  },
]
