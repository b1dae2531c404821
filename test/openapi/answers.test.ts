import { scimRouter } from '../../src/index.js'
import { type App, type ExpressVersion, startApp, TOKEN } from '../support/app.js'
import { type Answer, type Request, scimClient } from '../support/client.js'
import { IS_LONG } from '../support/length.js'
import { Judge, type Operation } from './judge.js'
import { Samples } from './samples.js'
import { fullService, leanService } from './services.js'

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const STATUSES = [200, 201, 204, 304, 400, 401, 403, 404, 406, 409, 412, 413, 415, 428, 429, 500, 501, 503]
/** Statuses that are about the body of the request. */
const BODIES = new Set([409, 413, 415])
const TYPES = ['User', 'Group', 'Device']

const services = { full: fullService, lean: leanService }
const cases = [
  ['full', 'tolerant', 4],
  ['full', 'strict', 5],
  ['lean', 'tolerant', 5],
] as const

describe.each(IS_LONG ? cases : cases.slice(0, 1))(
  'a %s service, %s, Express %i',
  (name, compatibility, version: ExpressVersion) => {
    let app: App
    let judge: Judge
    let samples: Samples
    let problems: string[]

    beforeEach(async () => {
      const options = { ...services[name](), compatibility }
      app = await startApp(options, version)
      judge = new Judge(scimRouter(options).openapi())
      samples = new Samples(judge, 7)
      problems = []
    })

    /** Sends a request of an operation, and holds its answer against the document. */
    async function send(id: string, path: string, request: Request = {}, token = TOKEN): Promise<Answer> {
      const found = operation(id)
      const answer = await scimClient(app.base, token).send(found.method, path, request)
      problems.push(...judge.problems(found, answer))
      return answer
    }

    function operation(id: string): Operation {
      const found = judge.operations.find((one) => one.id === id)
      if (found === undefined) throw new Error(`No operation ${id}`)
      return found
    }

    const types = (): readonly string[] =>
      TYPES.filter((type) => judge.operations.some(({ id }) => id === `${type}.get`))
    const tagOf = (answer: Answer): Record<string, string> => ({ 'if-match': answer.headers.get('etag') ?? '*' })
    const properties = (type: string): readonly (readonly [string, any])[] => {
      const told = judge.resolve(operation(`${type}.create`).body).properties
      return Object.entries(told)
        .flatMap(([name, schema]: [string, any]) =>
          name.startsWith('urn:')
            ? Object.entries(schema.properties).map(([sub, part]) => [`${name}:${sub}`, part] as const)
            : [[name, schema] as const],
        )
        .filter(([name, schema]) => !schema.readOnly && name !== 'schemas')
    }

    async function create(type: string): Promise<Answer> {
      const made = await send(`${type}.create`, `/${type}s`, {
        body: samples.resource(operation(`${type}.create`).body),
      })
      expect([type, made.status, made.body?.detail]).toEqual([type, 201, undefined])
      return made
    }

    /** The path of an operation, of a resource that there is. */
    const pathOf = ({ path }: Operation, id: string): string =>
      path.replace('{id}', id).replace('{name}', 'User').replace('{uri}', 'urn:ietf:params:scim:schemas:core:2.0:User')

    test('bodies and queries made from the document are accepted, and the answers are what it tells', async () => {
      for (const type of types()) {
        if (type === 'Group') continue
        for (let round = 0; round < 3; round += 1) {
          const made = await create(type)
          if (type === 'User') samples.ids = [...samples.ids, made.body.id]
        }
      }
      await create('Group')
      for (const type of types()) {
        for (let round = 0; round < 2; round += 1) {
          const made = await create(type)
          const path = `/${type}s/${made.body.id}`
          const [attribute] = samples.pick(properties(type))
          await send(`${type}.get`, path)
          await send(`${type}.get`, `${path}?attributes=${encodeURIComponent(attribute)}`)
          await send(`${type}.get`, `${path}?excludedAttributes=${encodeURIComponent(attribute)}`)
          // RFC 7643 section 7, immutable: it stays as it was.
          const kept = Object.fromEntries(
            properties(type)
              .filter(([, schema]) => schema['x-scim']?.mutability === 'immutable')
              .map(([name]) => [name, made.body[name]]),
          )
          const replaced = await send(`${type}.replace`, path, {
            body: { ...samples.resource(operation(`${type}.replace`).body), ...kept },
            headers: tagOf(made),
          })
          expect([replaced.status, replaced.body?.detail]).toEqual([200, undefined])
          for (const [name, schema] of properties(type)) {
            if (schema['x-scim']?.mutability === 'immutable') continue
            const op = samples.pick(['add', 'replace'])
            const query = samples.chance(0.3) ? '?attributes=id' : ''
            const patched = await send(`${type}.patch`, `${path}${query}`, {
              body: { schemas: [PATCH_OP], Operations: [{ op, path: name, value: samples.of(schema) }] },
              headers: { 'if-match': '*' },
            })
            expect([name, patched.body?.detail]).toEqual([name, undefined])
            expect(query ? [200] : [200, 204]).toContain(patched.status)
          }
        }
        for (const [name, schema] of properties(type)) {
          const simple = ['string', 'integer', 'number', 'boolean'].includes(schema.type)
          if (schema.writeOnly || !simple) continue
          const filter = `${name} ${schema.contentEncoding ? 'eq' : samples.pick(['eq', 'ne'])} ${JSON.stringify(samples.of(schema))}`
          const query = `filter=${encodeURIComponent(filter)}&sortBy=${encodeURIComponent(name)}&sortOrder=descending&count=3&startIndex=2`
          const listed = await send(`${type}.list`, `/${type}s?${query}`)
          expect([filter, listed.status]).toEqual([filter, 200])
          const body = { ...samples.of(operation(`${type}.search`).body), filter, sortBy: name, cursor: undefined }
          const searched = await send(`${type}.search`, `/${type}s/.search`, { body: withNames(body, name) })
          expect([filter, searched.status, searched.body?.detail]).toEqual([filter, 200, undefined])
        }
      }
      await send('list', '/?count=5')
      await send('search', '/.search', { body: { schemas: operationSchemas('search'), count: 3 } })
      if (name === 'full') await byCursor()
      await discovery()
      expect(problems).toEqual([])
    })

    /** The names must be attributes of the resource type. */
    function withNames({ attributes, excludedAttributes, ...body }: any, name: string): any {
      if (attributes) return { ...body, attributes: [name] }
      return { ...body, ...(excludedAttributes && { excludedAttributes: [name] }) }
    }

    const operationSchemas = (id: string): readonly string[] =>
      samples.of(judge.resolve(operation(id).body).properties.schemas)

    async function byCursor(): Promise<void> {
      const first = await send('User.list', '/Users?count=2&cursor=')
      const next = await send('User.list', `/Users?count=2&cursor=${encodeURIComponent(first.body.nextCursor)}`)
      expect(next.body.previousCursor).toBeDefined()
      await send('list', '/?count=2&cursor=')
    }

    async function discovery(): Promise<void> {
      await send('getServiceProviderConfig', '/ServiceProviderConfig')
      const { body: resourceTypes } = await send('listResourceTypes', '/ResourceTypes')
      for (const { id } of resourceTypes.Resources) await send('getResourceType', `/ResourceTypes/${id}`)
      const { body: schemas } = await send('listSchemas', '/Schemas')
      for (const { id } of schemas.Resources) await send('getSchema', `/Schemas/${id}`)
    }

    test('each status that the document tells is answered, and no other', async () => {
      const id = (await create('User')).body.id
      samples.ids = [id]
      const others = Object.fromEntries(
        await Promise.all(types().map(async (type) => [type, await create(type)] as const)),
      ) as Record<string, Answer>
      for (const one of judge.operations) {
        let made: Answer | undefined
        for (const status of STATUSES) {
          made ??= await subjectOf(one)
          await provoke(one, status, made, others)
          // A deleted resource is of no use for the next requests.
          if (one.method === 'DELETE') made = undefined
        }
      }
      expect(problems).toEqual([])
      const told = judge.operations.flatMap((one) => one.statuses.map((status) => `${one.id} ${status}`))
      expect([...judge.seen].sort()).toEqual([...new Set(told)].sort())
    })

    const typeOf = ({ id, path }: Operation): string => (path === '/Me' ? 'User' : (id.split('.')[0] ?? ''))

    /** The resource that an operation is about, where it is about one. */
    async function subjectOf(one: Operation): Promise<Answer | undefined> {
      return one.path.includes('{id}') || one.path === '/Me' ? create(typeOf(one)) : undefined
    }

    /** Sends a request that must be answered with the status. */
    async function provoke(
      one: Operation,
      status: number,
      made: Answer | undefined,
      others: Record<string, Answer>,
    ): Promise<void> {
      const isMe = one.path === '/Me'
      const type = typeOf(one)
      const id = made?.body.id ?? ''
      const path = pathOf(one, id)
      const body = one.body && (await bodyOf(one, type, made))
      const request: Request = { ...(body && { body }), headers: { 'if-match': '*' } }
      const token = isMe ? `${TOKEN}:${id}` : TOKEN
      const withHeaders = (headers: Record<string, string | null>): Request => ({
        ...request,
        headers: { ...request.headers, ...headers },
      })
      const other = others[type]
      const ways: Readonly<Record<number, () => Promise<Answer>>> = {
        200: () => send(one.id, one.method === 'PATCH' ? `${path}?attributes=id` : path, request, token),
        201: () => send(one.id, path, request, token),
        204: () => send(one.id, path, request, token),
        304: () =>
          send(
            one.id,
            path,
            withHeaders({ 'if-none-match': made?.headers.get('etag') ?? '', 'if-match': null }),
            token,
          ),
        400: () =>
          send(
            one.id,
            one.id === 'bulk' ? path : `${path}?startIndex=x`,
            one.id === 'bulk' ? { body: '{' } : request,
            token,
          ),
        401: () => send(one.id, path, request, 'wrong'),
        403: () => (isOpen(one) ? send(one.id, `${path}?filter=a`, request) : send(one.id, path, request, 'forbidden')),
        404: () =>
          send(one.id, isMe ? path : one.path.replace(/\{\w+\}/, 'nobody'), request, isMe ? `${TOKEN}:nobody` : TOKEN),
        406: () => send(one.id, path, withHeaders({ accept: 'text/html' }), token),
        409: async () => send(one.id, path, { ...request, body: conflicting(one, body, other) }, token),
        412: () => send(one.id, path, withHeaders({ 'if-match': 'W/"another"' }), token),
        413: () =>
          send(
            one.id,
            path,
            { ...request, body: { ...body, filler: 'x'.repeat(name === 'full' ? 31_000 : 1_100_000) } },
            token,
          ),
        415: () => send(one.id, path, withHeaders({ 'content-type': 'text/plain' }), token),
        428: () => send(one.id, path, withHeaders({ 'if-match': null }), token),
        429: () => send(one.id, path, request, 'busy'),
        500: () =>
          isOpen(one) ? send(one.id, path, withHeaders({ 'x-broken': '1' })) : send(one.id, path, request, 'broken'),
        501: () => send(one.id, path, request, TOKEN),
        503: () => send(one.id, path, request, 'down'),
      }
      if (BODIES.has(status) && !one.body) return
      const answer = await (ways[status] as () => Promise<Answer>)()
      // A request for an undescribed status is sent too: its answer must have a described status.
      if (!one.statuses.includes(String(status))) return
      expect([one.id, status, answer.body?.detail]).toEqual([one.id, answer.status, answer.body?.detail])
    }

    const isOpen = ({ path }: Operation): boolean =>
      name === 'lean' && /^\/(ServiceProviderConfig|ResourceTypes|Schemas)/.test(path)

    async function bodyOf(one: Operation, type: string, made: Answer | undefined): Promise<any> {
      if (one.id.endsWith('.patch')) {
        return { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'externalId', value: samples.text() }] }
      }
      if (one.id.endsWith('earch')) return { schemas: operationSchemas(one.id) }
      if (one.id === 'bulk') return bulk()
      const body = samples.resource(one.body)
      return made && type === 'Device' ? { ...body, model: made.body.model } : body
    }

    async function bulk(): Promise<any> {
      const made = await create('User')
      const data = samples.resource(operation('User.create').body)
      const patch = { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'title' }] }
      return {
        schemas: operationSchemas('bulk'),
        failOnErrors: 5,
        Operations: [
          { method: 'POST', path: '/Users', bulkId: 'one', data },
          { method: 'PATCH', path: `/Users/${made.body.id}`, version: made.headers.get('etag'), data: patch },
          { method: 'DELETE', path: '/Users/nobody', version: '*' },
          { method: 'PUT', path: `/Users/${made.body.id}`, version: 'W/"another"', data },
        ],
      }
    }

    /** The same with a value that another resource has. */
    function conflicting(one: Operation, body: any, other: Answer | undefined): any {
      const attribute = one.id.startsWith('Device') ? 'serial' : 'userName'
      const taken = other?.body[attribute]
      if (!one.id.endsWith('.patch')) return { ...body, [attribute]: taken }
      return { ...body, Operations: [{ op: 'replace', path: attribute, value: taken }] }
    }
  },
)
