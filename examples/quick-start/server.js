import { randomBytes } from 'node:crypto'
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { memoryAdapters } from 'express-scim/memory'
import { keptAdapters } from './keep.js'
import { closeOnSignal } from './shutdown.js'

// An identity provider shows this token with every request. Without one in the environment each start makes a new one.
const token = process.env.SCIM_TOKEN || randomBytes(24).toString('base64url')

// The RFC lets two groups have one name. Microsoft's validator wants a 409 for that, and most applications agree.
const groupAttributes = { displayName: { uniqueness: 'server' } }
const options = { groups: { attributes: groupAttributes } }
// Everything in memory is gone with the process. With --keep it lies in a file.
const { users, groups, transaction } = process.argv.includes('--keep')
  ? await keptAdapters(options)
  : memoryAdapters(options)

const scim = scimRouter({
  authenticate: bearer(token),
  resources: {
    // A user that a client creates without `active` is active, and the answer shows it.
    User: { adapter: users, attributes: { active: { default: true } } },
    Group: { adapter: groups, attributes: groupAttributes },
  },
  ...(transaction && { transaction }),
})

const app = express()
app.use('/scim/v2', scim, scim.errors)

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error
  const base = `http://127.0.0.1:${server.address().port}/scim/v2`
  console.log(`SCIM service provider at ${base}`)
  if (!process.env.SCIM_TOKEN) console.log(`Token: ${token}`)
  console.log('\nCreate a user:\n')
  console.log(
    `curl ${base}/Users -H "Authorization: Bearer ${process.env.SCIM_TOKEN ? '$SCIM_TOKEN' : token}" \\
  -H 'Content-Type: application/scim+json' \\
  -d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"babs@example.com"}'`,
  )
})

closeOnSignal(server)
