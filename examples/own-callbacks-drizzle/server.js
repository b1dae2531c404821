import { randomBytes } from 'node:crypto'
import { drizzle } from 'drizzle-orm/node-postgres'
import express from 'express'
import { bearer, defineSchema, Group, ScimError, scimRouter, User } from 'express-scim'
import { openDatabase } from '../postgres/database.js'
import { groupAdapter, userAdapter } from './adapter.js'
import { createTables } from './tables.js'

const token = process.env.SCIM_TOKEN || randomBytes(24).toString('base64url')

const { pool, close } = await openDatabase()
await pool.query(createTables)
const database = drizzle(pool)

// What the tables can hold, so that clients are not told of more.
const attributesOf = (schema, names) => schema.attributes.filter(({ name }) => names.includes(name))
const Person = defineSchema({
  ...User,
  attributes: attributesOf(User, ['userName', 'name', 'active']).map((attribute) =>
    attribute.name === 'name'
      ? {
          ...attribute,
          subAttributes: attribute.subAttributes.filter(({ name }) => ['givenName', 'familyName'].includes(name)),
        }
      : attribute,
  ),
})

const scim = scimRouter({
  authenticate: bearer(token),
  resources: {
    User: { schema: Person, adapter: userAdapter(database) },
    Group: { schema: Group, adapter: groupAdapter(database) },
  },
  // The codes of PostgreSQL, once for all callbacks. Drizzle puts the error of the driver into `cause`.
  mapError: ({ cause }) => {
    if (cause?.code === '23505') return ScimError.uniqueness('userName')
    if (cause?.code === '23503') return ScimError.invalidValue('There is no such user.')
    return undefined
  },
})

const app = express()
app.use('/scim/v2', scim, scim.errors)

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error
  console.log(`SCIM service provider at http://127.0.0.1:${server.address().port}/scim/v2`)
  if (!process.env.SCIM_TOKEN) console.log(`Token: ${token}`)
})

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => close().then(() => process.exit(0)))
    server.closeIdleConnections()
  })
}
