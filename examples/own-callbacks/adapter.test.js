import { test } from 'node:test'
import { adapterChecks } from 'express-scim/conformance'
import { arrayAdapter } from './adapter.js'

// Run it by: node --test examples/own-callbacks
const resourceTypes = {
  User: { adapter: arrayAdapter('userName') },
  Group: { adapter: arrayAdapter('displayName'), attributes: { displayName: { uniqueness: 'server' } } },
}

// The array belongs to one customer.
for (const { name, run } of adapterChecks({ resourceTypes, identities: [{ tenant: 'only' }] })) test(name, run)
