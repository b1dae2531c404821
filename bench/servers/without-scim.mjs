// The same application without SCIM: objects in a Map, parsed by express.json and answered by res.json.
import { createRequire } from 'node:module'
import { serve } from './answer.mjs'

const { size, resource, list, express: version = 5 } = JSON.parse(process.argv[2] ?? '{}')
const express = createRequire(import.meta.url)(version === 4 ? 'express4' : 'express')

const store = new Map([['measured', resource]])
// Each user has values of its own, as stored users have.
const text = JSON.stringify(resource)
for (let n = 1; n < size; n += 1) store.set(`user-${n}`, { ...JSON.parse(text), id: `user-${n}` })
let created = 0

const app = express()
app.get('/list', (_request, response) => response.json(list))
app.get('/Users/:id', (request, response) => {
  const found = store.get(request.params.id)
  if (found === undefined) response.status(404).end()
  else response.json(found)
})
app.post('/Users', express.json(), (request, response) => {
  created += 1
  const resource = { ...request.body, id: `created-${created}` }
  store.set(resource.id, resource)
  response.status(201).json(resource)
})
serve(app)
