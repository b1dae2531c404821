// express-scim on node:http, without Express: the memory adapter, filled with users.
import { createServer } from 'node:http'
import { bearer, scimRouter } from 'express-scim'
import { memoryAdapters } from 'express-scim/memory'
import { user } from '../users.mjs'
import { serve } from './answer.mjs'
import { CALL } from './call.mjs'

const { users: count = 0 } = JSON.parse(process.argv[2] ?? '{}')
const { users, groups } = memoryAdapters()
const ids = []
for (let n = 0; n < count; n += 1) {
  // Out of JSON, like the bodies of requests.
  const { schemas: _, ...draft } = JSON.parse(JSON.stringify(user(n)))
  ids.push((await users.create(draft, CALL)).id)
}
const scim = scimRouter({
  authenticate: bearer('bench-token-of-some-length'),
  baseUrl: 'http://127.0.0.1',
  resources: { User: { adapter: users }, Group: { adapter: groups } },
})
const notFound = (response) => response.writeHead(404).end()
serve(
  createServer((request, response) => scim(request, response, () => notFound(response))),
  { ids },
)
