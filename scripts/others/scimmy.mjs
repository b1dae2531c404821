// scimmy with scimmy-routers, on Express, with storage in memory.
import { randomUUID } from 'node:crypto'
import express from 'express4'
import SCIMMY from 'scimmy'
import SCIMMYRouters from 'scimmy-routers'

/** Stores one resource type, as the documentation of scimmy shows it. */
function store(type, unique) {
  const rows = new Map()
  SCIMMY.Resources.declare(type)
    .ingress((resource, data) => {
      const given = JSON.parse(JSON.stringify(data))
      const same = (row) =>
        row.id !== resource.id && String(row[unique]).toLowerCase() === String(given[unique]).toLowerCase()
      if ([...rows.values()].some(same)) throw new SCIMMY.Types.Error(409, 'uniqueness', `${unique} is taken`)
      if (resource.id && !rows.has(resource.id)) throw new SCIMMY.Types.Error(404, null, 'not found')
      const id = resource.id ?? randomUUID()
      const now = new Date().toISOString()
      const row = { ...given, id, meta: { created: rows.get(id)?.meta.created ?? now, lastModified: now } }
      rows.set(id, row)
      return row
    })
    .egress((resource) => {
      if (resource.id) {
        if (!rows.has(resource.id)) throw new SCIMMY.Types.Error(404, null, 'not found')
        return rows.get(resource.id)
      }
      const all = [...rows.values()]
      return resource.filter ? resource.filter.match(all) : all
    })
    .degress((resource) => {
      if (!rows.delete(resource.id)) throw new SCIMMY.Types.Error(404, null, 'not found')
    })
}

store(SCIMMY.Resources.User, 'userName')
store(SCIMMY.Resources.Group, 'displayName')
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser)
const handler = (request) => {
  if (request.headers.authorization !== `Bearer ${process.env.SCIM_TOKEN}`) throw new Error('unknown token')
  return 'client'
}
express()
  .use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler }))
  .listen(Number(process.env.PORT), '127.0.0.1')
