import fc from 'fast-check'
import type { Compatibility, RequestReport, ToleranceName } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { DRAFT_PATCH_OP, ENTERPRISE_USER_SCHEMA as EXTENSION, PATCH_OP, USER_SCHEMA } from '../../src/urn.js'
import { Reports } from '../cases/case.js'
import { type AppOptions, sharedApp, TOKEN } from '../support/app.js'
import { runs } from '../support/length.js'

const RUNS = runs(80, 300)

interface Operation {
  op: string
  path?: string
  value?: any
}

/** A request that can be bent in several places, one after the other. */
interface Sent {
  path: string
  headers: Record<string, string>
  body: any
}

/** Bends a request so that it needs one tolerance; returns false if that place is already bent further. */
type Bend = (sent: Sent) => boolean

const PATCH: () => Sent = () => ({
  path: '/Users',
  headers: {},
  body: {
    schemas: [PATCH_OP],
    Operations: [
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: `${EXTENSION}:department`, value: 'Sales' },
      { op: 'replace', path: `${EXTENSION}:manager`, value: { value: 'm2' } },
      { op: 'add', path: 'emails', value: [{ value: 'new@example.com', type: 'home', primary: true }] },
      { op: 'replace', path: 'name', value: { givenName: 'Ann' } },
      { op: 'replace', path: 'title', value: '5' },
      { op: 'remove', path: 'nickName' },
      { op: 'add', path: 'phoneNumbers', value: [{ type: 'work', value: '1' }] },
    ],
  },
})

const at = (sent: Sent, ...paths: readonly string[]): Operation | undefined =>
  sent.body.Operations.find(({ path }: Operation) => path !== undefined && paths.includes(path))
const [ACTIVE, DEPARTMENT, MANAGER] = ['active', `${EXTENSION}:department`, `${EXTENSION}:manager`] as const

const SINGLE: readonly string[] = [ACTIVE, DEPARTMENT, MANAGER, `${EXTENSION}.department`, 'name', 'title']

function onValue(bend: (value: any) => unknown, ...paths: readonly string[]): Bend {
  return (sent) => {
    const operation = at(sent, ...paths)
    const bent = operation && bend(operation.value)
    if (bent === undefined) return false
    operation!.value = bent
    return true
  }
}

/** The value where the path leads, as an object without that path. */
function unfold(sent: Sent, from: string, change: (operation: Operation) => void): boolean {
  const operation = at(sent, from)
  if (operation) change(operation)
  return operation !== undefined
}

function append(...operations: readonly Operation[]): Bend {
  return ({ body }) => body.Operations.push(...operations) > 0
}

const isPlain = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

const PATCH_BENDS: Readonly<Partial<Record<ToleranceName, Bend>>> = {
  operationCase: ({ body }) => {
    for (const operation of body.Operations) operation.op = operation.op.toUpperCase()
    return true
  },
  booleanText: onValue((value) => (value === false ? 'False' : undefined), ACTIVE),
  dottedUrn: (sent) =>
    unfold(sent, DEPARTMENT, (operation) => {
      operation.path = `${EXTENSION}.department`
    }),
  textForComplex: onValue((value) => (isPlain(value) ? value.value : undefined), MANAGER),
  jsonText: onValue((value) => (isPlain(value) ? JSON.stringify(value) : undefined), 'name'),
  listForSingle: ({ body }) => {
    const single = body.Operations.filter(
      ({ path, value }: Operation) => SINGLE.includes(path ?? '') && !Array.isArray(value),
    )
    for (const operation of single) operation.value = [operation.value]
    return single.length > 0
  },
  objectForSimple: onValue((value) => (typeof value === 'string' ? { $ref: null, value } : undefined), DEPARTMENT),
  numberForText: onValue((value) => (value === '5' ? 5 : undefined), 'title'),
  missingPatchSchemas: ({ body }) => body.schemas?.[0] === PATCH_OP && delete body.schemas,
  draftPatchSchema: ({ body }) => {
    if (body.schemas?.[0] !== PATCH_OP) return false
    body.schemas = [DRAFT_PATCH_OP]
    return true
  },
  emptyPath: (sent) =>
    unfold(sent, 'title', (operation) => Object.assign(operation, { path: '', value: { title: operation.value } })),
  coreUrnPath: (sent) =>
    unfold(sent, ACTIVE, (operation) =>
      Object.assign(operation, { path: USER_SCHEMA, value: { active: operation.value } }),
    ),
  trailingColon: (sent) =>
    unfold(sent, DEPARTMENT, (operation) =>
      Object.assign(operation, { path: `${EXTENSION}:`, value: { department: operation.value } }),
    ),
  dottedKeys: (sent) =>
    unfold(sent, MANAGER, (operation) => {
      operation.value = { [MANAGER]: operation.value }
      delete operation.path
    }),
  unknownPath: append({ op: 'add', path: 'fooBar', value: 'x' }),
  unknownAttribute: append({ op: 'add', value: { fooBar: 'x' } }),
  readOnlyPath: append({ op: 'replace', path: 'meta.created', value: '2020-01-01T00:00:00Z' }),
  readOnlyInValue: append({ op: 'replace', value: { id: 'other' } }),
  emptyValue: onValue((value) => [{}, { value: '' }, null, ...value], 'emails'),
  severalPrimary: onValue((value) => [{ value: 'b@example.com', type: 'work', primary: true }, ...value], 'emails'),
  removeByValue: (sent) => {
    const operation = at(sent, 'nickName')
    if (operation) operation.value = 'nick'
    return operation !== undefined
  },
  removeWithoutPath: (sent) =>
    unfold(sent, 'nickName', (operation) => {
      operation.value = { nickName: operation.value ?? null }
      delete operation.path
    }),
  createMissingValue: (sent) =>
    unfold(sent, 'phoneNumbers', (operation) =>
      Object.assign(operation, { op: operation.op, path: 'phoneNumbers[type eq "work"].value', value: '1' }),
    ),
  endpointCase: (sent) => {
    sent.path = sent.path.replace('Users', 'users')
    return true
  },
  doubleSlash: (sent) => {
    sent.path = `/${sent.path}`
    return true
  },
  jsonMediaType: ({ headers }) => {
    headers['content-type'] = 'text/json'
    return true
  },
  acceptHeader: ({ headers }) => {
    headers['accept'] = 'text/html'
    return true
  },
}

const STORED = {
  schemas: [USER_SCHEMA, EXTENSION],
  active: true,
  nickName: 'Nick',
  title: 'Guide',
  name: { givenName: 'Bea', familyName: 'Low' },
  emails: [{ value: 'b@example.com', type: 'work', primary: true }],
  [EXTENSION]: { department: 'Tours', manager: { value: 'm1' } },
}

const POST: () => Sent = () => ({
  path: '/Users',
  headers: {},
  body: {
    ...structuredClone(STORED),
    emails: [{ value: 'b@example.com', type: 'work', primary: true }],
    roles: [{ value: 'admin', display: 'Admin' }],
  },
})

function onMember(name: string, bend: (value: any) => unknown): Bend {
  return ({ body }) => {
    const bent = Object.hasOwn(body, name) ? bend(body[name]) : undefined
    if (bent === undefined) return false
    body[name] = bent
    return true
  }
}

const POST_BENDS: Readonly<Partial<Record<ToleranceName, Bend>>> = {
  missingSchemas: ({ body }) => delete body.schemas,
  booleanText: onMember('active', (value) => (value === true ? 'True' : undefined)),
  jsonText: onMember('name', (value) => (isPlain(value) ? JSON.stringify(value) : undefined)),
  listForSingle: (sent) => ['active', 'name', 'title'].some((name) => onMember(name, (value) => [value])(sent)),
  singleForList: onMember('roles', (value) => (Array.isArray(value) ? value[0] : undefined)),
  textForComplex: onMember(EXTENSION, (value) =>
    isPlain(value?.manager) ? { ...value, manager: value.manager.value } : undefined,
  ),
  emptyValue: onMember('emails', (value) => [{}, null, { value: '' }, ...value]),
  unknownAttribute: ({ body }) => {
    body.fooBar = { x: 1 }
    return true
  },
  dottedKeys: ({ body }) => {
    if (!isPlain(body.name)) return false
    const { givenName, familyName } = body.name
    body.name = { familyName }
    body['name.givenName'] = givenName
    return true
  },
  endpointCase: PATCH_BENDS.endpointCase as Bend,
  doubleSlash: PATCH_BENDS.doubleSlash as Bend,
  jsonMediaType: PATCH_BENDS.jsonMediaType as Bend,
}

describe('tolerances combine', () => {
  const reports = new Reports()
  const strict = sharedApp(() => ({ ...service(), compatibility: 'strict' }))
  const tolerant = sharedApp(() => ({
    ...service(),
    authenticate: ({ token, headers }) =>
      token === TOKEN ? { compatibility: modeOf(headers['x-tolerances']) } : undefined,
    on: { request: (report: RequestReport): void => reports.hook(report) },
  }))
  let number = 0

  const stripped = ({ id: _id, meta: _meta, userName: _userName, ...rest }: any): unknown => rest
  const read = async (app: typeof strict, id: string): Promise<unknown> => {
    const answer = await app.scim.get(`/Users/${id}`)
    if (app === tolerant) await reports.next()
    return stripped(answer.body)
  }
  const create = async (app: typeof strict): Promise<string> => {
    number += 1
    const answer = await app.scim.post('/Users', { ...STORED, userName: `user-${number}` })
    if (app === tolerant) await reports.next()
    return answer.body.id
  }
  /** The request with as many of the tolerances as fit into it. */
  const bent = (sent: Sent, bends: typeof PATCH_BENDS, names: readonly ToleranceName[]) => {
    const used = names.filter((name) => bends[name]?.(sent))
    return { sent, used }
  }
  /** Sends a request once more, to a strict service with these tolerances alone. */
  const repeat = async (method: string, url: string, { headers, body }: Sent, tolerances: readonly string[]) => {
    const answer = await tolerant.scim.send(method, url, {
      headers: { ...headers, 'x-tolerances': tolerances.join() },
      body,
    })
    expect((await reports.next()).tolerances.toSorted()).toEqual([...tolerances].sort())
    return answer
  }
  const chosen = (bends: typeof PATCH_BENDS) =>
    fc.uniqueArray(fc.constantFrom(...(Object.keys(bends) as ToleranceName[])), { minLength: 2, maxLength: 3 })

  test('a PATCH that needs two or three does what the correct one does', async () => {
    const correct = await create(strict)
    const right = PATCH()
    expect((await strict.scim.patch(`/Users/${correct}`, right.body)).status).toBe(200)
    const wanted = await read(strict, correct)
    await fc.assert(
      fc.asyncProperty(chosen(PATCH_BENDS), async (names) => {
        const { sent, used } = bent(PATCH(), PATCH_BENDS, names)
        const id = await create(tolerant)
        const { path, headers, body } = sent
        const answer = await tolerant.scim.send('PATCH', `${path}/${id}`, { headers, body })
        const { tolerances } = await reports.next()
        expect([answer.status, answer.text]).toEqual([200, expect.anything()])
        expect(await read(tolerant, id)).toEqual(wanted)
        expect(tolerances).toEqual(expect.arrayContaining(used))
        const other = await create(tolerant)
        await repeat('PATCH', `${path}/${other}`, sent, tolerances)
        expect(await read(tolerant, other)).toEqual(wanted)
      }),
      { numRuns: RUNS },
    )
  })

  test('a POST that needs two or three makes what the correct one makes', async () => {
    const right = await strict.scim.post('/Users', { ...POST().body, userName: 'correct' })
    expect(right.status).toBe(201)
    await fc.assert(
      fc.asyncProperty(chosen(POST_BENDS), async (names) => {
        const { sent, used } = bent(POST(), POST_BENDS, names)
        number += 1
        const { path, headers, body } = sent
        const answer = await tolerant.scim.send('POST', path, {
          headers,
          body: { ...body, userName: `user-${number}` },
        })
        const { tolerances } = await reports.next()
        expect([answer.status, answer.text]).toEqual([201, expect.anything()])
        expect(stripped(answer.body)).toEqual(stripped(right.body))
        expect(tolerances).toEqual(expect.arrayContaining(used))
        body.userName = `other-${number}`
        expect(stripped((await repeat('POST', path, sent, tolerances)).body)).toEqual(stripped(right.body))
      }),
      { numRuns: RUNS },
    )
  })
})

/** A mode with these tolerances and no other. */
function modeOf(header: string | readonly string[] | undefined): Compatibility {
  if (typeof header !== 'string') return 'tolerant'
  return { base: 'strict', ...Object.fromEntries(header.split(',').map((name) => [name, true])) }
}

function service(): AppOptions {
  const { users } = memoryAdapters()
  // Both services have one base URL, so that both answer the same references.
  return { baseUrl: 'https://example.com/v2', resources: { User: { adapter: users, supports: { versions: true } } } }
}
