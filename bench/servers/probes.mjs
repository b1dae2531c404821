// express-scim with the stores that the probes of bench/blocks.mjs ask for, watched for the longest stretch of its
// loop.
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { journal, memoryLog } from 'express-scim/journal'
import { memoryAdapters } from 'express-scim/memory'
import { CALL } from './call.mjs'
import { documents } from './documents.mjs'
import { endProfile, startProfile } from './profile.mjs'
import { endWatch, longestStretch, parseTime, startWatch } from './watch.mjs'

const { store, isProfiled } = JSON.parse(process.argv[2])
const { users, groups } = memoryAdapters()
const ids = []
const groupIds = []
const STORES = {
  empty: async () => undefined,
  watched: async () => undefined,
  documents: async () => undefined,
  people: async () => {
    for (let n = 0; n < 100_000; n += 1) ids.push((await users.create(person(n), CALL)).id)
  },
  group: async () => {
    for (let n = 0; n < 100_000; n += 1) ids.push((await users.create({ userName: `u${n}` }, CALL)).id)
    const members = ids.map((value) => ({ value }))
    for (let n = 0; n < 16; n += 1)
      groupIds.push((await groups.create({ displayName: `large ${n}`, members }, CALL)).id)
  },
}
await STORES[store === 'candidates' ? 'people' : store]()

function person(n) {
  return {
    userName: `user${n}@example.com`,
    displayName: `Person ${(n * 7_919) % 100_000}`,
    title: `t${n % 10}`,
    active: true,
    emails: [{ value: `user${n}@example.com`, type: 'work' }],
  }
}

/**
 * A store that leaves filters and orders to the router. It has all resources at hand: to read them is no work of the
 * router.
 */
async function candidatesOf(adapter) {
  const everything = {
    filter: undefined,
    sort: undefined,
    count: 1_000_000,
    startIndex: 1,
    pagination: 'index',
    equals: () => undefined,
  }
  const { resources } = await adapter.list(everything, CALL)
  return { ...adapter, list: () => resources }
}

const wrap = store === 'candidates' ? candidatesOf : store === 'documents' ? documents : (adapter) => adapter

/** A service that listens to all reports: the log, its recordings of each client, and the events of each write. */
const WATCHED = {
  authenticate: () => ({ subject: 'bench', record: { until: new Date(Date.now() + 86_400_000), values: true } }),
  on: [
    journal({ store: memoryLog(), secret: 'bench-secret-of-thirty-two-characters' }),
    { change: () => undefined, 'user.updated': () => undefined, 'group.member.added': () => undefined },
  ],
}

const scim = scimRouter({
  authenticate: bearer('bench-token-of-some-length'),
  resources: { User: { adapter: await wrap(users) }, Group: { adapter: await wrap(groups) } },
  password: { hash: (password) => `hash of ${password.length}` },
  ...((store === 'watched' || store === 'documents') && WATCHED),
})

const server = express()
  .use('/scim/v2', scim)
  .listen(0, '127.0.0.1', () => process.send({ port: server.address().port, ids: ids.slice(0, 50_000), groupIds }))

process.on('message', (question) => {
  if (question.stop) process.exit(0)
  if (question.watch) {
    globalThis.gc?.()
    if (isProfiled) startProfile()
    startWatch()
    process.send({ memory: process.memoryUsage.rss() })
  } else if (question.blocked) {
    const ms = endWatch()
    const memory = process.memoryUsage.rss()
    process.send({ ms, memory, ...(isProfiled && { stretch: endProfile(longestStretch()) }) })
  } else if (question.json !== undefined) {
    // As before a request: V8 forgets the names of collected objects, and JSON.parse makes them again.
    globalThis.gc?.()
    process.send({ ms: parseTime(question.json) })
  }
})
