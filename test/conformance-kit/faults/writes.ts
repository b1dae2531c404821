import type { Stored } from '../../../src/adapter/contract.js'
import type { JsonObject } from '../../../src/schema/model/resource.js'
import { SOUND } from '../sound-adapter.js'
import { type Fault, withParts, wrapped } from './fault.js'

const withoutLast = (list: unknown): unknown => (Array.isArray(list) ? list.slice(0, 100) : list)

export const WRITES: readonly Fault[] = [
  withParts(
    'wipes the password',
    { keep: (draft) => structuredClone(draft) },
    'replace without a password keeps the stored one',
    /replace lost "password", which no client can send back \(node_modules\/express-scim\/docs\/adapters\.md#replace\)/,
  ),
  withParts(
    'merges a replacement into what is stored',
    { keep: (draft, before) => ({ ...before?.data, ...structuredClone(draft) }) },
    'replace clears attributes that the draft lacks',
    /replace made get return .* in place of nothing/,
  ),
  withParts(
    'keeps the draft itself',
    { keep: (draft, before) => (before?.data['password'] ? SOUND.keep(draft, before) : draft) },
    'the store keeps no reference to the draft object',
    /create kept a part of the draft itself/,
  ),
  withParts(
    'keeps the lists of a draft',
    { keep: (draft, before) => ({ ...SOUND.keep(draft, before), ...draft }) },
    'the store keeps no reference to the draft object',
    /kept a part of the draft itself/,
  ),
  withParts(
    'drops the extension',
    {
      keep: (draft, before) =>
        Object.fromEntries(Object.entries(SOUND.keep(draft, before)).filter(([name]) => !name.startsWith('urn:'))),
    },
    'the store keeps every attribute of the schema',
    /does not keep: urn:ietf:params:scim:schemas:extension:enterprise:2\.0:User:.*Serve less: extensions: \[\]; or tell the kit: omit: \['urn:/,
  ),
  withParts(
    'trims texts',
    {
      keep: (draft, before) => {
        const data = SOUND.keep(draft, before)
        return { ...data, ...(typeof data['displayName'] === 'string' && { displayName: data['displayName'].trim() }) }
      },
    },
    'texts are returned unchanged',
    /get gave "blanks at both ends" as "displayName" in place of " blanks at both ends "/,
  ),
  wrapped(
    'cuts long lists',
    (sound) => ({
      get: async (id, call) => {
        const found = (await sound.get(id, call)) as JsonObject | undefined
        return found && ({ ...found, emails: withoutLast(found['emails']) } as unknown as Stored)
      },
    }),
    'a list with very many values comes back whole, and is changed value by value',
    /get gave 100 of \d+ values of "emails"/,
  ),
  wrapped(
    'tells the groups of a user by name alone',
    (sound) => ({
      get: async (id, call) => {
        const found = (await sound.get(id, call)) as JsonObject | undefined
        return found && ({ ...found, groups: [{ value: '1' }, { display: 'Staff' }] } as unknown as Stored)
      },
    }),
    'each returned reference has the id of its resource',
    /get gave {"display":"Staff"} as a value of "groups", without "value"/,
  ),
  withParts(
    'keeps who was deleted as a manager',
    { remove: (rows, id) => rows.delete(id) },
    'delete leaves no reference to the deleted resource',
    /delete left \["[-\w]+"\] in "urn:\S+:User:manager" of a User by get, whose "[-\w]+" was deleted/,
  ),
  withParts(
    'leaves the version of a user who loses a manager',
    {
      remove: (rows, id) => {
        const versions = new Map([...rows.values()].map((row) => [row.id, row.version]))
        const isGone = SOUND.remove(rows, id)
        for (const row of rows.values()) rows.set(row.id, { ...row, version: versions.get(row.id) ?? row.version })
        return isGone
      },
    },
    'delete leaves no reference to the deleted resource',
    /delete left the version of a User as it was, though "urn:\S+:User:manager" lost "[-\w]+"/,
  ),
  withParts(
    'never moves the time of the last change',
    { next: (before, data) => ({ ...SOUND.next(before, data), lastModified: before.lastModified }) },
    'created and lastModified are times, created stays and lastModified moves on',
    /get gave meta\.lastModified/,
  ),
  withParts(
    'moves the time of creation',
    { next: (before, data) => ({ ...SOUND.next(before, data), created: new Date(Date.now() + 5) }) },
    'created and lastModified are times, created stays and lastModified moves on',
    /get gave meta\.created/,
  ),
]
