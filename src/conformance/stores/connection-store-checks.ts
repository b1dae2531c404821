import type { ConnectionStore, ConnectionWrite, StoredConnection } from '../../connections/store/store.js'
import { docsAt } from '../../setup-error.js'
import type { Check } from '../kit/check.js'

/** Thrown if a store of connections breaks a rule. */
export class ConnectionStoreViolation extends Error {
  override readonly name = 'ConnectionStoreViolation'

  constructor(sentence: string) {
    super(`${sentence} (${docsAt('connections.md#stores')})`)
  }
}

/** The tools of a check: connections under a mark of its own, which it removes in the end. */
interface Bench {
  readonly store: ConnectionStore
  readonly write: (part?: Partial<ConnectionWrite>) => ConnectionWrite
  /** Stores a connection. */
  readonly insert: (part?: Partial<ConnectionWrite>) => Promise<ConnectionWrite>
  readonly hold: (holds: boolean, sentence: string) => void
}

type Rule = (bench: Bench) => Promise<void>

/** The first key of a connection. */
function keyOf({ keys: [key = ''] }: Pick<ConnectionWrite, 'keys'>): string {
  return key
}

const RULES: Readonly<Record<string, Rule>> = {
  'a connection comes back as it was stored, by its place and by each of its keys': async ({ store, insert, hold }) => {
    const stored = await insert({ data: '{"name":"Zoë \\"x\\" \u2028"}' })
    hold(isSame(await store.get(stored.tenant, stored.id), stored), 'get must give back what insert has stored.')
    for (const key of stored.keys) {
      hold(isSame(await store.find(key), stored), 'find must give the connection that has the key.')
    }
  },
  'what is not there is undefined': async ({ store, write, hold }) => {
    const { tenant, id, keys } = write()
    hold((await store.get(tenant, id)) === undefined, 'get must give undefined for what is not there.')
    hold((await store.find(keyOf({ keys }))) === undefined, 'find must give undefined for a key that nobody has.')
    hold((await store.remove(tenant, id)) === false, 'remove must be false if there was nothing to remove.')
    hold(
      (await store.update({ ...write(), version: 2 })) === false,
      'update must be false if there is nothing to replace.',
    )
  },
  'two tenants may have connections of one id, and see only their own': async ({ store, insert, hold }) => {
    const mine = await insert()
    const theirs = await insert({ id: mine.id, data: '{"name":"theirs"}' })
    for (const each of [mine, theirs]) {
      hold(isSame(await store.get(each.tenant, each.id), each), 'get must look at the tenant.')
    }
    await store.remove(theirs.tenant, theirs.id)
    hold(isSame(await store.get(mine.tenant, mine.id), mine), 'remove must look at the tenant.')
    hold(isSame(await store.find(keyOf(mine)), mine), 'remove must leave keys of other tenants.')
  },
  'an id is taken once in a tenant': async ({ store, insert, write, hold }) => {
    const stored = await insert()
    const again = write({ tenant: stored.tenant, id: stored.id, data: '{"name":"again"}' })
    hold((await store.insert(again)) === false, 'insert must be false for an id that the tenant has.')
    hold(isSame(await store.get(stored.tenant, stored.id), stored), 'A refused insert must change nothing.')
    hold((await store.find(keyOf(again))) === undefined, 'A refused insert must store no key.')
  },
  'a key is taken once over all tenants': async ({ store, insert, write, hold }) => {
    const stored = await insert()
    const other = write({ keys: [keyOf(write()), keyOf(stored)] })
    hold((await store.insert(other)) === false, 'insert must be false for a key that another tenant has.')
    hold((await store.get(other.tenant, other.id)) === undefined, 'A refused insert must store nothing.')
    hold((await store.find(keyOf(other))) === undefined, 'A refused insert must store no key.')
    const mine = await insert()
    const grab = { ...mine, version: 2, data: '{"name":"grab"}', keys: [...mine.keys, keyOf(stored)] }
    hold((await store.update(grab)) === false, 'update must be false for a key that another connection has.')
    hold(isSame(await store.get(mine.tenant, mine.id), mine), 'A refused update must change nothing.')
    hold(isSame(await store.find(keyOf(stored)), stored), 'A refused update must leave the key where it is.')
  },
  'an update replaces data and keys under the version before': async ({ store, insert, write, hold }) => {
    const stored = await insert()
    const [kept = '', gone = ''] = stored.keys
    const [added = ''] = write().keys
    const next = { ...stored, version: 2, data: '{"name":"next"}', keys: [kept, added] }
    hold((await store.update(next)) === true, 'update must be true when the version before is stored.')
    hold(isSame(await store.get(stored.tenant, stored.id), next), 'update must store the new data and version.')
    hold(
      isSame(await store.find(kept), next) && isSame(await store.find(added), next),
      'update must store the new keys.',
    )
    hold((await store.find(gone)) === undefined, 'update must take away keys that the connection has no more.')
    const stale = { ...stored, version: 2, data: '{"name":"stale"}' }
    hold((await store.update(stale)) === false, 'update must be false when another version is stored.')
    hold(
      (await store.update({ ...stale, version: 4 })) === false,
      'update must be false when another version is stored.',
    )
    hold(isSame(await store.get(stored.tenant, stored.id), next), 'A refused update must change nothing.')
  },
  'of two updates at one time one is done': async ({ store, insert, hold }) => {
    const stored = await insert()
    const updates = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => store.update({ ...stored, version: 2, data: JSON.stringify({ name }) })),
    )
    hold(updates.filter((done) => done === true).length === 1, 'Of updates of one version exactly one must be true.')
  },
  'of two inserts of one key at one time one is done': async ({ store, write, hold }) => {
    const { keys } = write()
    const writes = [write({ keys }), write({ keys }), write({ keys })]
    const inserts = await Promise.all(writes.map((each) => store.insert(each)))
    hold(inserts.filter((done) => done === true).length === 1, 'Of inserts of one key exactly one must be true.')
    await Promise.all(writes.map(({ tenant, id }) => store.remove(tenant, id)))
  },
  'what was removed is gone with its keys, which others may have then': async ({ store, insert, hold }) => {
    const stored = await insert()
    hold((await store.remove(stored.tenant, stored.id)) === true, 'remove must be true for what was there.')
    hold((await store.get(stored.tenant, stored.id)) === undefined, 'get must give undefined for what was removed.')
    hold((await store.find(keyOf(stored))) === undefined, 'remove must take the keys away.')
    await insert({ keys: stored.keys })
  },
  'lists are of one tenant, in the order of ids, page by page': async ({ store, insert, write, hold }) => {
    const { tenant } = write()
    const ids = ['b', 'A', 'a', '2', 'C'].map((name) => `${tenant}${name}`)
    for (const id of ids) await insert({ tenant, id })
    await insert()
    const read = await pages(store, tenant)
    hold(
      read.every((each) => each.tenant === tenant),
      'list must look at the tenant.',
    )
    hold(
      read.map(({ id }) => id).join() === [...ids].sort().join(),
      'list must give each connection once, in the order of code points of ids.',
    )
  },
  'the list of all tenants is in the order of tenants and ids': async ({ store, insert, hold }) => {
    const stored = [await insert(), await insert(), await insert()]
    const read = await pages(store, undefined)
    const places = read.map(({ tenant, id }) => JSON.stringify([tenant, id]))
    hold(new Set(places).size === places.length, 'list must give each connection once.')
    hold(
      stored.every(({ tenant, id }) => places.includes(JSON.stringify([tenant, id]))),
      'list without a tenant must give the connections of all tenants.',
    )
    const isOrdered = read.every((each, index) => {
      const before = read[index - 1]
      return !before || before.tenant < each.tenant || (before.tenant === each.tenant && before.id < each.id)
    })
    hold(isOrdered, 'list must be in the order of tenants, then ids.')
  },
}

/**
 * Checks of the contract {@link ConnectionStore}, for any test runner. Each works with connections of its own and
 * removes them.
 *
 * @param open Returns the store. It is called once for each check.
 *
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { connectionStoreChecks } from 'express-scim/conformance'
 * import { memoryStore } from 'express-scim/connections'
 *
 * for (const check of connectionStoreChecks(() => memoryStore())) test(check.name, check.run)
 * ```
 */
export function connectionStoreChecks(open: () => ConnectionStore | Promise<ConnectionStore>): readonly Check[] {
  return Object.entries(RULES).map(([name, rule]) => ({
    name,
    run: async () => {
      const store = await open()
      const made: ConnectionWrite[] = []
      const write: Bench['write'] = (part = {}) => {
        const mark = newMark()
        return { tenant: `t${mark}`, id: mark, version: 1, keys: [`k1:${mark}`, `k2:${mark}`], data: '{}', ...part }
      }
      const hold: Bench['hold'] = (holds, sentence) => {
        if (!holds) throw new ConnectionStoreViolation(sentence)
      }
      const insert: Bench['insert'] = async (part) => {
        const connection = write(part)
        made.push(connection)
        hold((await store.insert(connection)) === true, 'insert must be true for a new connection.')
        return connection
      }
      try {
        await rule({ store, write, insert, hold })
      } finally {
        for (const { tenant, id } of made) await store.remove(tenant, id)
      }
    },
  }))
}

let marks = 0

function newMark(): string {
  marks += 1
  return `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}${marks.toString(36)}`
}

function isSame(found: StoredConnection | undefined, expected: StoredConnection): boolean {
  return (
    found?.tenant === expected.tenant &&
    found.id === expected.id &&
    found.version === expected.version &&
    found.data === expected.data
  )
}

async function pages(store: ConnectionStore, tenant: string | undefined): Promise<readonly StoredConnection[]> {
  const read: StoredConnection[] = []
  for (let after: StoredConnection | undefined; ; after = read.at(-1)) {
    const page = await store.list({ tenant, after, count: 2 })
    if (page.length > 2) throw new ConnectionStoreViolation('list must give no more than count.')
    read.push(...page)
    // A store that always returns the first page would never end the loop.
    if (page.length < 2 || read.length > 100_000) return read
  }
}
