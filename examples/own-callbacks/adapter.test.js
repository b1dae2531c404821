import { test } from 'node:test'
import { adapterChecks } from 'express-scim/conformance'
import { arrayAdapters } from './adapter.js'

// Run it by: node --test examples/own-callbacks
const { users, groups } = arrayAdapters()
const resourceTypes = {
  User: { adapter: users },
  Group: { adapter: groups, attributes: { displayName: { uniqueness: 'server' } } },
}

// The array belongs to one customer.
for (const { name, run } of adapterChecks({ resourceTypes, identities: [{ tenant: 'only' }] })) test(name, run)
