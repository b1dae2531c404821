// Tells the bytes of heap for each of many users: in the memory adapter, or as plain objects in a Map.
import { memoryAdapters } from 'express-scim/memory'
import { user } from '../users.mjs'
import { CALL } from './call.mjs'

const COUNT = 50_000
const { users } = memoryAdapters()
const objects = new Map()
const keep = {
  adapter: async (draft) => users.create(draft, CALL),
  objects: async (draft) => objects.set(`id-${objects.size}`, draft),
}[process.argv[2]]

const used = () => {
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
const draftOf = (n) => {
  const { schemas: _, ...draft } = JSON.parse(JSON.stringify(user(n)))
  return draft
}
// The first users compile code and make hidden classes.
for (let n = 0; n < 1_000; n += 1) await keep(draftOf(n))
const before = used()
for (let n = 1_000; n < 1_000 + COUNT; n += 1) await keep(draftOf(n))
process.send(Math.round((used() - before) / COUNT), () => process.exit())
