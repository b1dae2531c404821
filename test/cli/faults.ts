import type { Passing, Returning, Wrong } from './wrong-server.js'

/** One fault, and the rule or test of a provider that must name it. */
export interface Fault extends Wrong {
  readonly name: string
  /** The area, or the provider, that is looked at. */
  readonly area: string
  /** Ids of the requirement, or the name of the provider's test. */
  readonly named: string
}

const JSON_TYPE = { 'content-type': 'application/scim+json' }

const isUser = (path: string): boolean => /^\/Users\/[^/?]+/.test(path)
const isUserList = ({ method, path }: Passing): boolean => method === 'GET' && /^\/Users(\?|$)/.test(path)
const without = (path: string, ...names: readonly string[]): string => {
  const [place = '', query = ''] = path.split('?')
  const kept = query.split('&').filter((part) => part !== '' && !names.includes(part.split('=')[0] ?? ''))
  return kept.length === 0 ? place : `${place}?${kept.join('&')}`
}
/** Every resource in an answer. */
const resources = ({ body }: Returning): readonly any[] => {
  if (Array.isArray(body?.Resources)) return body.Resources
  return body?.id === undefined ? [] : [body]
}
const operations = ({ method, body }: Passing): any[] => (method === 'PATCH' ? (body?.Operations ?? []) : [])
const error = (status: number): Returning => ({
  status,
  headers: { ...JSON_TYPE },
  body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail: 'wrong' },
})

export const faults: readonly Fault[] = [
  {
    name: '/Schemas is a plain array',
    area: 'Discovery',
    named: 'P-4-02',
    answer: (answer, { path }) => {
      if (path === '/Schemas') answer.body = answer.body.Resources
    },
  },
  {
    name: 'a schema cannot be asked for',
    area: 'Discovery',
    named: 'P-4-03',
    request: ({ path }) => (/^\/Schemas\/./.test(path) ? error(404) : undefined),
  },
  {
    name: 'bulk.maxOperations is missing',
    area: 'Discovery',
    named: 'S-5-01',
    answer: (answer, { path }) => void (path === '/ServiceProviderConfig' && delete answer.body.bulk.maxOperations),
  },
  {
    name: 'a resource type names a schema that is not there',
    area: 'Discovery',
    named: 'S-6-02',
    answer: (answer, { path }) => {
      if (path === '/ResourceTypes') answer.body.Resources[1].schema = 'urn:example:none'
    },
  },
  {
    name: 'an attribute has no mutability',
    area: 'Discovery',
    named: 'S-7-03',
    answer: (answer, { path }) =>
      void (path === '/Schemas' && delete answer.body.Resources[0].attributes[0].mutability),
  },
  {
    name: 'password is described as readable',
    area: 'Discovery',
    named: 'S-4.1-02',
    answer: (answer, { path }) => {
      if (path === '/Schemas')
        answer.body.Resources[0].attributes.find(({ name }: any) => name === 'password').returned = 'default'
    },
  },
  {
    name: 'answers are application/json',
    area: 'Messages and errors',
    named: 'P-3.1-01',
    answer: (answer) => {
      answer.headers['content-type'] = 'application/json'
    },
  },
  {
    name: 'errors have no schemas',
    area: 'Messages and errors',
    named: 'P-3.12-01',
    answer: (answer) => void (answer.status >= 400 && delete answer.body?.schemas),
  },
  {
    name: 'status of an error is a number',
    area: 'Messages and errors',
    named: 'P-3.12-02',
    answer: (answer) => {
      if (answer.status >= 400 && answer.body) answer.body.status = answer.status
    },
  },
  {
    name: 'an unknown id is answered with 200',
    area: 'Messages and errors',
    named: 'P-3.4.1-02',
    answer: (answer) => {
      if (answer.status === 404) Object.assign(answer, { status: 200, body: {} })
    },
  },
  {
    name: '401 names no scheme',
    area: 'Messages and errors',
    named: 'P-2-01',
    answer: (answer) => void delete answer.headers['www-authenticate'],
  },
  {
    name: 'broken JSON is a 500',
    area: 'Messages and errors',
    named: 'P-3.8-08',
    request: ({ body }) => (typeof body === 'string' ? error(500) : undefined),
  },
  {
    name: 'text loses what is not ASCII',
    area: 'Messages and errors',
    named: 'P-3.8-01',
    answer: (answer) => {
      if (answer.body) answer.body = JSON.parse(JSON.stringify(answer.body).replace(/[^\x20-\x7e]/g, '?'))
    },
  },
  {
    name: 'PUT creates',
    area: 'Messages and errors',
    named: 'P-3.2-02',
    request: (request) => {
      if (request.method === 'PUT' && request.path.endsWith('scim-check-nobody'))
        Object.assign(request, { method: 'POST', path: '/Users' })
    },
  },
  {
    name: 'creation is answered with 200',
    area: 'Create',
    named: 'P-3.3-01',
    answer: (answer) => {
      if (answer.status === 201) answer.status = 200
    },
  },
  {
    name: 'creation has no Location',
    area: 'Create',
    named: 'P-3.3-06',
    answer: (answer) => void delete answer.headers.location,
  },
  {
    name: 'meta.location is missing',
    area: 'Create',
    named: 'S-3.1-09',
    answer: (answer) => {
      for (const { meta } of resources(answer)) delete meta?.location
    },
  },
  {
    name: 'meta.resourceType is wrong',
    area: 'Create',
    named: 'P-3.3.1-01',
    answer: (answer) => {
      for (const { meta } of resources(answer)) if (meta) meta.resourceType = 'Users'
    },
  },
  {
    name: 'a taken name is a 400',
    area: 'Create',
    named: 'P-3.3-07',
    answer: (answer) => {
      if (answer.status === 409) answer.status = 400
    },
  },
  {
    name: 'a taken name has no scimType',
    area: 'Create',
    named: 'P-3.3-07',
    answer: (answer) => void delete answer.body?.scimType,
  },
  {
    name: 'a password comes back',
    area: 'Create',
    named: 'S-4.1-02',
    answer: (answer, { method, body }) => {
      if (method === 'POST' && body?.password && answer.status === 201) answer.body.password = '********'
    },
  },
  {
    name: 'null is refused',
    area: 'Create',
    named: 'S-2.5-01',
    request: ({ method, body }) =>
      method === 'POST' && Object.values(body ?? {}).includes(null) ? error(400) : undefined,
  },
  {
    name: 'active is a text',
    area: 'Create',
    named: 'S-2.3.2-01',
    answer: (answer) => {
      for (const one of resources(answer)) if (typeof one.active === 'boolean') one.active = String(one.active)
    },
  },
  {
    name: 'names of attributes have a case',
    area: 'Create',
    named: 'S-2.1-01',
    request: ({ body }) => (body?.USERNAME ? error(400) : undefined),
  },
  {
    name: 'created and lastModified differ',
    area: 'Create',
    named: 'S-3.1-07',
    answer: (answer) => {
      for (const { meta } of resources(answer)) if (meta) meta.lastModified = '2999-01-01T00:00:00Z'
    },
  },
  {
    name: 'attributes is not read',
    area: 'Read and projection',
    named: 'P-3.9-02',
    request: (request) => {
      request.path = without(request.path, 'attributes')
    },
  },
  {
    name: 'excludedAttributes is not read',
    area: 'Read and projection',
    named: 'P-3.9-03',
    request: (request) => {
      request.path = without(request.path, 'excludedAttributes')
    },
  },
  {
    name: 'id can be excluded',
    area: 'Read and projection',
    named: 'S-7-09',
    answer: (answer, { path }) => void (/excludedAttributes=id/.test(path) && delete answer.body.id),
  },
  {
    name: 'count is not read',
    area: 'Lists and pages',
    named: 'P-3.4.2.4-02',
    request: (request) => {
      if (isUserList(request)) request.path = without(request.path, 'count')
    },
  },
  {
    name: 'startIndex is not read',
    area: 'Lists and pages',
    named: 'P-3.4.2.4-11',
    request: (request) => {
      if (isUserList(request)) request.path = without(request.path, 'startIndex')
    },
  },
  {
    name: 'count=0 is no count',
    area: 'Lists and pages',
    named: 'P-3.4.2.4-04',
    request: (request) => {
      if (/count=0/.test(request.path)) request.path = without(request.path, 'count')
    },
  },
  {
    name: 'a negative count is refused',
    area: 'Lists and pages',
    named: 'P-3.4.2.4-03',
    request: ({ path }) => (/count=-/.test(path) ? error(400) : undefined),
  },
  {
    name: 'startIndex=0 is refused',
    area: 'Lists and pages',
    named: 'P-3.4.2.4-01',
    request: ({ path }) => (/startIndex=0/.test(path) ? error(400) : undefined),
  },
  {
    name: 'totalResults counts the page',
    area: 'Lists and pages',
    named: 'P-3.4.2.4-09',
    answer: ({ body }) => {
      if (Array.isArray(body?.Resources)) body.totalResults = body.Resources.length
    },
  },
  {
    name: 'totalResults is a text',
    area: 'Lists and pages',
    named: 'P-3.4.2-02',
    answer: ({ body }) => {
      if (body?.totalResults !== undefined) body.totalResults = String(body.totalResults)
    },
  },
  {
    name: 'resources in a list have no schemas',
    area: 'Lists and pages',
    named: 'P-3.4.2-08',
    answer: (answer, request) => {
      if (isUserList(request)) for (const one of resources(answer)) delete one.schemas
    },
  },
  {
    name: 'filters are not read',
    area: 'Filters',
    named: 'P-3.4.2.2-02',
    request: (request) => {
      request.path = without(request.path, 'filter')
    },
  },
  {
    name: 'no match is a 404',
    area: 'Filters',
    named: 'P-3.4.2-05',
    answer: (answer) => {
      if (answer.body?.totalResults === 0) Object.assign(answer, error(404))
    },
  },
  {
    name: 'userName is compared with its case',
    area: 'Filters',
    named: 'P-3.4.2.2-22',
    answer: ({ body }, { path }) => {
      if (/filter=userName%20eq%20%22USER/.test(path)) Object.assign(body, { totalResults: 0, Resources: [] })
    },
  },
  {
    name: 'an unknown operator finds everybody',
    area: 'Filters',
    named: 'P-3.4.2.2-21',
    request: (request) => {
      if (/%20zz%20/.test(request.path)) request.path = without(request.path, 'filter')
    },
  },
  {
    name: 'or is read as and',
    area: 'Filters',
    named: 'P-3.4.2.2-10',
    request: (request) => {
      request.path = request.path.replaceAll('%20or%20', '%20and%20')
    },
  },
  {
    name: 'sortOrder is not read',
    area: 'Order',
    named: 'P-3.4.2.3-06',
    request: (request) => {
      request.path = without(request.path, 'sortOrder')
    },
  },
  {
    name: 'sortBy is not read',
    area: 'Order',
    named: 'P-3.4.2.3-02',
    request: (request) => {
      request.path = without(request.path, 'sortBy')
    },
  },
  {
    name: 'PUT is answered with 204',
    area: 'Replace',
    named: 'P-3.5.1-08',
    answer: (answer, { method }) => {
      if (method === 'PUT' && answer.status === 200) answer.status = 204
    },
  },
  {
    name: 'PUT keeps what it was given null for',
    area: 'Replace',
    named: 'P-3.5.1-03',
    request: ({ method, body }) => {
      if (method === 'PUT') for (const [name, value] of Object.entries(body)) if (value === null) body[name] = 'before'
    },
  },
  {
    name: 'lastModified never changes',
    area: 'Replace',
    named: 'S-3.1-08',
    answer: (answer) => {
      for (const { meta } of resources(answer)) if (meta) meta.lastModified = meta.created
    },
  },
  {
    name: 'add replaces a list',
    area: 'Patch',
    named: 'P-3.5.2.1-05',
    request: (request) => {
      for (const operation of operations(request)) if (operation.op === 'add') operation.op = 'replace'
    },
  },
  {
    name: 'replace of name clears its other parts',
    area: 'Patch',
    named: 'P-3.5.2.3-05',
    request: (request) => {
      for (const { op, path, value } of operations(request))
        if (op === 'replace' && path === 'name') value.familyName ??= null
    },
  },
  {
    name: 'half a PATCH is done',
    area: 'Patch',
    named: 'P-3.5.2-13',
    request: (request) => {
      if (operations(request).length === 2 && request.body.Operations[1].path === 'userName')
        request.body.Operations.pop()
    },
    answer: (answer, { method, body }) => {
      if (method === 'PATCH' && body.Operations[0].value === 'after') Object.assign(answer, error(400))
    },
  },
  {
    name: 'a filter without a match is no error',
    area: 'Patch',
    named: 'P-3.5.2.3-08',
    answer: (answer, { method }) => {
      if (method === 'PATCH' && answer.body?.scimType === 'noTarget')
        Object.assign(answer, { status: 204, body: undefined })
    },
  },
  {
    name: 'there are two primary values',
    area: 'Patch',
    named: 'P-3.5.2-12',
    answer: (answer) => {
      for (const { emails } of resources(answer)) for (const one of emails ?? []) one.primary = true
    },
  },
  {
    name: 'PATCH always changes lastModified',
    area: 'Patch',
    named: 'P-3.5.2.1-08',
    answer: (answer) => {
      for (const { meta } of resources(answer)) if (meta) meta.lastModified = new Date().toISOString()
    },
  },
  {
    name: 'DELETE is answered with 200',
    area: 'Delete',
    named: 'P-3.6-01',
    answer: (answer, { method }) =>
      void (method === 'DELETE' && answer.status === 204 && Object.assign(answer, { status: 200, body: {} })),
  },
  {
    name: 'what was deleted can be read',
    area: 'Delete',
    named: 'P-3.6-02',
    answer: (answer, { method, path }) => {
      if (method === 'GET' && answer.status === 404 && isUser(path))
        Object.assign(answer, { status: 200, body: { schemas: [], id: '1' } })
    },
  },
  {
    name: 'removing a member empties the group',
    area: 'Groups',
    named: 'P-3.5.2.2-04',
    request: (request) => {
      for (const operation of operations(request)) if (/^members\[/.test(operation.path)) operation.path = 'members'
    },
  },
  {
    name: 'members cannot be excluded',
    area: 'Groups',
    named: 'P-3.9-03',
    request: (request) => {
      request.path = without(request.path, 'excludedAttributes')
    },
  },
  {
    name: 'status in a bulk answer is a number',
    area: 'Bulk',
    named: 'P-3.7-13',
    answer: ({ body }, { path }) => {
      if (path === '/Bulk') for (const one of body.Operations ?? []) one.status = Number(one.status)
    },
  },
  {
    name: 'failOnErrors is not read',
    area: 'Bulk',
    named: 'P-3.7-11',
    request: ({ path, body }) => void (path === '/Bulk' && delete body.failOnErrors),
  },
  {
    name: 'there is no ETag',
    area: 'Versions',
    named: 'P-3.14-02',
    answer: (answer) => void delete answer.headers.etag,
  },
  {
    name: 'If-Match is not read',
    area: 'Versions',
    named: 'P-3.14-05',
    request: ({ headers }) => void delete headers['if-match'],
  },
  {
    name: 'Entra: a value list empties the group',
    area: 'Microsoft Entra ID, gallery',
    named: 'Group_Update_Remove_Member_Test',
    request: (request) => {
      for (const operation of operations(request)) if (operation.op === 'Remove') delete operation.value
    },
  },
  {
    name: 'Entra: "False" is refused',
    area: 'Microsoft Entra ID, gallery',
    named: 'Disable_User_Test',
    request: (request) => (operations(request).some(({ value }) => value === 'False') ? error(400) : undefined),
  },
  {
    name: 'Okta: a PATCH without path is refused',
    area: 'Okta',
    named: 'okta-oin-patch',
    request: (request) => (operations(request).some(({ path }) => path === undefined) ? error(400) : undefined),
  },
]
