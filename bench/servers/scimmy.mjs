// The leading peer with its documented style of storage: a Map, and filter.match for lists.
import express from 'express'
import SCIMMY from 'scimmy'
import SCIMMYRouters from 'scimmy-routers'
import { user } from '../users.mjs'
import { serve } from './answer.mjs'

const { users: count = 0 } = JSON.parse(process.argv[2] ?? '{}')
const store = new Map()
let created = 0
const insert = (data) => {
  created += 1
  const now = new Date().toISOString()
  const stored = { ...JSON.parse(JSON.stringify(data)), id: `id-${created}`, meta: { created: now, lastModified: now } }
  store.set(stored.id, stored)
  return stored
}
for (let n = 0; n < count; n += 1) insert(user(n))
SCIMMY.Resources.declare(SCIMMY.Resources.User)
  .ingress((resource, data) => {
    if (!resource.id) return insert(data)
    const stored = { ...JSON.parse(JSON.stringify(data)), id: resource.id, meta: store.get(resource.id).meta }
    store.set(resource.id, stored)
    return stored
  })
  .egress((resource) => {
    if (resource.id) return store.get(resource.id)
    const all = [...store.values()]
    return resource.filter ? resource.filter.match(all) : all
  })
  .degress((resource) => store.delete(resource.id))
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser)
const app = express()
app.use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler: () => 'client' }))
serve(app, { ids: [...store.keys()] })
