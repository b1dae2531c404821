import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { adapterChecks, replay, sequences } from 'express-scim/conformance'
import { appOf } from './app.js'

/** Holds an app against the contract of adapters and the recorded requests of identity providers. */
export function prove({ resources, ...options }) {
  const resourceTypes = resources
  const identities = [{ tenant: 'acme' }, { tenant: 'globex' }]
  for (const { name, run } of adapterChecks({ resourceTypes, identities, members: 100, ...options })) test(name, run)

  const app = appOf({ resources, ...options }, new Map([['token-of-acme', 'acme']]))
  const target = { app, token: 'token-of-acme' }
  const recorded = Object.values(sequences).flat()
  for (const { name, run } of replay(recorded, target, { resourceTypes })) test(name, run)
}

/**
 * Holds lists by a query builder against the contract of adapters: filters, orders, pages and tenants.
 *
 * @param find Finds the ids of users, and the total if they are a page.
 */
export function proveLists({ resources, ...options }, find) {
  const { adapter } = resources.User
  const list = async (query, call) => {
    const { ids, totalResults } = await find(query, call.tenant)
    const found = (await Promise.all(ids.map((id) => adapter.get(id, call)))).filter(Boolean)
    return totalResults === undefined ? found : { resources: found, totalResults }
  }
  // Pages by cursor are made by the router, of candidates.
  const supports = { versions: true }
  const User = { ...resources.User, supports, adapter: { ...adapter, list, supports } }
  const identities = [{ tenant: 'acme' }, { tenant: 'globex' }]
  for (const { name, run } of adapterChecks({ resourceTypes: { User }, identities, ...options })) {
    if (/filter|sort|list|page/.test(name)) test(`${name}, by the builder itself`, run)
  }
}

/** For tests: the hash that is the default takes its time on purpose. */
export const protect = (password) => createHash('sha256').update(password).digest('hex')
