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

/** For tests: the hash that is the default takes its time on purpose. */
export const protect = (password) => createHash('sha256').update(password).digest('hex')
