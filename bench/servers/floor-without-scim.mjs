// The least that node:http does for the same answers: a token is compared, JSON is parsed and written, a Map keeps
// objects.
import { timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { serve } from './answer.mjs'

const { size, resource, list } = JSON.parse(process.argv[2] ?? '{}')
const expected = Buffer.from('Bearer bench-token-of-some-length')

const store = new Map([['measured', resource]])
// Each user has values of its own, as stored users have.
const text = JSON.stringify(resource)
for (let n = 1; n < size; n += 1) store.set(`user-${n}`, { ...JSON.parse(text), id: `user-${n}` })
let created = 0

function answer(response, status, body) {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': bytes.length })
  response.end(bytes)
}

function isPermitted({ headers }) {
  const given = Buffer.from(headers.authorization ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function onWrite(request, response) {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    created += 1
    const made = { ...JSON.parse(Buffer.concat(chunks).toString()), id: `created-${created}` }
    store.set(made.id, made)
    answer(response, 201, made)
  })
}

serve(
  createServer((request, response) => {
    if (!isPermitted(request)) return void response.writeHead(401).end()
    if (request.method === 'POST') return void onWrite(request, response)
    if (request.url === '/list') return void answer(response, 200, list)
    const found = store.get(request.url.slice('/Users/'.length))
    if (found === undefined) return void response.writeHead(404).end()
    answer(response, 200, found)
  }),
)
