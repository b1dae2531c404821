// express-scim with the memory adapter, filled with users and groups.
import { createRequire } from 'node:module'
import { bearer, scimRouter } from 'express-scim'
import { memoryAdapters } from 'express-scim/memory'
import { user } from '../users.mjs'
import { serve } from './answer.mjs'
import { CALL } from './call.mjs'

const { users: count = 0, groups: sizes = [], express: version = 5, limits } = JSON.parse(process.argv[2] ?? '{}')
const express = createRequire(import.meta.url)(version === 4 ? 'express4' : 'express')

const { users, groups } = memoryAdapters()
const ids = []
for (let n = 0; n < count; n += 1) {
  // Out of JSON, like the bodies of requests.
  const { schemas: _, ...draft } = JSON.parse(JSON.stringify(user(n)))
  ids.push((await users.create(draft, CALL)).id)
}
const groupIds = []
for (const size of sizes) {
  const members = ids.slice(0, size).map((value) => ({ value }))
  groupIds.push((await groups.create({ displayName: `Group of ${size}`, members }, CALL)).id)
}
const scim = scimRouter({
  authenticate: bearer('bench-token-of-some-length'),
  resources: { User: { adapter: users }, Group: { adapter: groups } },
  limits,
})
serve(express().use('/scim/v2', scim), { ids, groupIds })
