import { isObject } from '../../../is-object.js'
import type { Bench } from '../bench/bench.js'
import { type AttributeInfo, attributesOf, sameUri } from '../bench/capabilities.js'
import {
  bodyOf,
  type Json,
  memberOf,
  must,
  mustBe,
  mustEqual,
  mustRefuse,
  resourcesOf,
  shown,
} from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { type Area, area, rule } from '../bench/rule.js'

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const CONFIG = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'

/** The members of ServiceProviderConfig and their types, RFC 7643 section 5. */
const CONFIG_MEMBERS: readonly (readonly [string, string, 'boolean' | 'number'])[] = [
  ['patch', 'supported', 'boolean'],
  ['bulk', 'supported', 'boolean'],
  ['bulk', 'maxOperations', 'number'],
  ['bulk', 'maxPayloadSize', 'number'],
  ['filter', 'supported', 'boolean'],
  ['filter', 'maxResults', 'number'],
  ['changePassword', 'supported', 'boolean'],
  ['sort', 'supported', 'boolean'],
  ['etag', 'supported', 'boolean'],
]

const TYPES = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference', 'complex']

export const discovery: Area = area('Discovery', undefined, [
  rule(
    'P-4-01',
    'MUST',
    'RFC 7644 section 4',
    '/ServiceProviderConfig is answered with one object of its schema',
    async (bench) => {
      const body = await config(bench)
      must(hasSchema(body, CONFIG), `schemas of /ServiceProviderConfig is ${shown(body.schemas)}, must have ${CONFIG}.`)
    },
  ),
  rule(
    'S-5-01',
    'MUST',
    'RFC 7643 section 5',
    '/ServiceProviderConfig tells of each feature whether it is there',
    async (bench) => {
      const body = await config(bench)
      for (const [feature, member, type] of CONFIG_MEMBERS) {
        const value = memberOf(body[feature], member)
        must(typeof value === type, `${feature}.${member} is ${shown(value)}, must be a ${type}.`)
      }
    },
  ),
  rule(
    'S-5-02',
    'MUST',
    'RFC 7643 section 5',
    'Each authentication scheme has type, name and description',
    async (bench) => {
      const { authenticationSchemes: schemes } = await config(bench)
      must(Array.isArray(schemes), `authenticationSchemes is ${shown(schemes)}, must be an array.`)
      for (const scheme of schemes) {
        for (const member of ['type', 'name', 'description']) {
          must(typeof memberOf(scheme, member) === 'string', `An authentication scheme has no ${member}.`)
        }
      }
    },
  ),
  rule('P-4-02', 'MUST', 'RFC 7644 section 4', '/Schemas is answered with a ListResponse of schemas', (bench) =>
    mustList(bench, '/Schemas'),
  ),
  rule('P-4-03', 'MUST', 'RFC 7644 section 4', 'Each schema can be asked for by its URI', async (bench) => {
    for (const schema of schemasOf(bench)) {
      const path = `/Schemas/${String(schema.id)}`
      const body = bodyOf(await bench.get(path), 200, `GET ${path}`)
      must(sameUri(body.id, String(schema.id)), `GET ${path} is answered with the id ${shown(body.id)}.`)
    }
  }),
  rule(
    'P-4-04',
    'MUST',
    'RFC 7644 section 4',
    '/ResourceTypes is answered with a ListResponse of resource types',
    (bench) => mustList(bench, '/ResourceTypes'),
  ),
  rule('P-4-04', 'MUST', 'RFC 7644 section 4', 'Each resource type can be asked for', async (bench) => {
    for (const type of typesOf(bench)) {
      const path = `/ResourceTypes/${encodeURIComponent(String(type.id ?? type.name))}`
      const body = bodyOf(await bench.get(path), 200, `GET ${path}`)
      mustEqual(body.name, type.name, `name in the answer to GET ${path}`)
    }
  }),
  rule(
    'P-4-10',
    'NOTE',
    'RFC 7644 section 4, erratum 6010',
    'totalResults of the discovery lists is the number of their entries',
    async (bench) => {
      for (const path of ['/Schemas', '/ResourceTypes']) {
        const answer = await bench.look(path)
        const resources = resourcesOf(answer, `GET ${path}`)
        mustEqual(memberOf(answer.body, 'totalResults'), resources.length, `totalResults of ${path}`)
      }
    },
  ),
  rule(
    'P-4-06',
    'SHOULD',
    'RFC 7644 section 4',
    'A filter on a discovery endpoint is refused with 403',
    async (bench) => {
      mustRefuse(
        await bench.get('/ResourceTypes?filter=name%20eq%20%22User%22'),
        403,
        'GET /ResourceTypes with a filter',
      )
    },
  ),
  rule('P-4-05', 'MUST', 'RFC 7644 section 4', 'Pages and orders are ignored on discovery endpoints', async (bench) => {
    const all = resourcesOf(await bench.look('/ResourceTypes'), 'GET /ResourceTypes')
    const path = '/ResourceTypes?count=1&startIndex=2&sortBy=name'
    mustEqual(resourcesOf(await bench.get(path), `GET ${path}`).length, all.length, 'The number of resource types')
  }),
  rule('S-6-01', 'MUST', 'RFC 7643 section 6', 'Each resource type has name, endpoint and schema', async (bench) => {
    for (const type of typesOf(bench)) {
      for (const member of ['name', 'endpoint', 'schema']) {
        must(typeof type[member] === 'string' && type[member] !== '', `A resource type has no ${member}.`)
      }
    }
  }),
  rule(
    'S-6-04',
    'MUST',
    'RFC 7643 section 6, erratum 8475',
    'Names and endpoints of resource types are different',
    async (bench) => {
      for (const member of ['name', 'endpoint']) {
        const values = typesOf(bench).map((type) => type[member])
        must(new Set(values).size === values.length, `Two resource types have the same ${member}.`)
      }
    },
  ),
  rule(
    'S-6-02 P-4-09',
    'MUST',
    'RFC 7643 section 6',
    'The schemas that resource types name are under /Schemas',
    async (bench) => {
      for (const type of typesOf(bench)) {
        // The schemas of the discovery endpoints are in the RFC; a server need not list them.
        if (/:core:2\.0:(Schema|ResourceType|ServiceProviderConfig)$/i.test(String(type.schema))) continue
        const extensions = Array.isArray(type.schemaExtensions) ? type.schemaExtensions : []
        for (const uri of [type.schema, ...extensions.map((entry) => memberOf(entry, 'schema'))]) {
          const there = schemasOf(bench).some(({ id }) => sameUri(id, String(uri)))
          must(there, `/ResourceTypes names ${shown(uri)}, which is not under /Schemas.`)
        }
      }
    },
  ),
  rule('P-3.1-03', 'MUST', 'RFC 7644 section 3.1', 'URIs of messages are not under /Schemas', async (bench) => {
    const found = schemasOf(bench).find(({ id }) => /^urn:ietf:params:scim:api:/i.test(String(id)))
    must(found === undefined, `/Schemas has ${shown(found?.id)}, which is the URI of a message.`)
  }),
  rule(
    'S-7-01 S-7-03',
    'MUST',
    'RFC 7643 section 7',
    'Each attribute is described: name, type, multiValued, mutability, returned',
    async (bench) => {
      eachDefinition(bench, (attribute, path) => {
        for (const [member, type] of [
          ['type', 'string'],
          ['multiValued', 'boolean'],
          ['mutability', 'string'],
          ['returned', 'string'],
        ] as const) {
          must(typeof attribute[member] === type, `${path} has no ${member}.`)
        }
      })
    },
  ),
  rule(
    'S-7-03',
    'SHOULD',
    'RFC 7643 section 7',
    'Each attribute says required, and a text says caseExact and uniqueness',
    async (bench) => {
      eachDefinition(bench, (attribute, path) => {
        must(typeof attribute.required === 'boolean', `${path} has no required.`)
        if (attribute.type !== 'string') return
        must(typeof attribute.caseExact === 'boolean', `${path} has no caseExact.`)
        must(typeof attribute.uniqueness === 'string', `${path} has no uniqueness.`)
      })
    },
  ),
  rule(
    'S-7-04',
    'MUST',
    'RFC 7643 sections 2.3 and 7',
    'Types, mutability, returned and uniqueness have values of the RFC',
    async (bench) => {
      const words: Readonly<Record<string, readonly string[]>> = {
        type: TYPES,
        mutability: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
        returned: ['always', 'never', 'default', 'request'],
        uniqueness: ['none', 'server', 'global'],
      }
      eachDefinition(bench, (attribute, path) => {
        for (const [member, allowed] of Object.entries(words)) {
          const value = attribute[member]
          must(
            value === undefined || allowed.includes(String(value)),
            `${path} has ${member} ${shown(value)}, must be one of ${allowed.join(', ')}.`,
          )
        }
      })
    },
  ),
  rule('S-7-04', 'SHOULD', 'RFC 7643 section 7', 'A complex attribute lists its sub-attributes', async (bench) => {
    eachDefinition(bench, ({ type, subAttributes }, path) => {
      must(type !== 'complex' || Array.isArray(subAttributes), `${path} is complex and has no subAttributes.`)
    })
  }),
  rule(
    'S-4.1-02 S-7-10',
    'MUST',
    'RFC 7643 section 4.1.1',
    'password is described as never returned',
    async (bench) => {
      bench.recorder.cite('/Schemas')
      const password = bench.user.attributes.find(({ name }) => name === 'password')
      if (password === undefined) throw new NotSeen('The schema of users has no password.')
      mustEqual(password.returned, 'never', 'returned of password')
      mustEqual(password.mutability, 'writeOnly', 'mutability of password')
    },
  ),
  rule('S-4.1-01', 'MUST', 'RFC 7643 section 4.1.1', 'userName is described as required and unique', async (bench) => {
    bench.recorder.cite('/Schemas')
    const userName = bench.user.attributes.find(({ name }) => name === 'userName')
    if (userName === undefined) throw new NotSeen('The schema of users is not under /Schemas.')
    mustEqual(userName.required, true, 'required of userName')
    must(userName.uniqueness !== 'none', 'uniqueness of userName is "none", must be "server" or "global".')
  }),
  rule('P-4-08', 'NOTE', 'RFC 7644 section 4', 'Discovery endpoints take no writes', async (bench) => {
    for (const path of ['/ServiceProviderConfig', '/Schemas', '/ResourceTypes']) {
      const { status } = await bench.post(path, { schemas: [] })
      must(status >= 400 && status < 500, `POST ${path} is answered with ${status}, must be refused with 405.`)
    }
  }),
])

async function config(bench: Bench): Promise<Json> {
  return bodyOf(await bench.look('/ServiceProviderConfig'), 200, 'GET /ServiceProviderConfig')
}

async function mustList(bench: Bench, path: string): Promise<void> {
  const answer = await bench.look(path)
  mustBe(answer, 200, `GET ${path}`)
  must(
    isObject(answer.body),
    `GET ${path} is answered with ${Array.isArray(answer.body) ? 'an array' : 'no JSON object'}, must be a ListResponse.`,
  )
  must(
    hasSchema(answer.body, LIST),
    `schemas in the answer to GET ${path} is ${shown(answer.body.schemas)}, must have ${LIST}.`,
  )
  must(resourcesOf(answer, `GET ${path}`).length > 0, `GET ${path} is answered with an empty list.`)
}

function hasSchema(body: Json, uri: string): boolean {
  return Array.isArray(body.schemas) && body.schemas.some((one) => sameUri(one, uri))
}

function schemasOf({ capabilities: { schemas }, recorder }: Bench): readonly Json[] {
  recorder.cite('/Schemas')
  if (schemas.length === 0) throw new NotSeen('The server lists no schemas.')
  return schemas
}

function typesOf({ capabilities: { resourceTypes }, recorder }: Bench): readonly Json[] {
  recorder.cite('/ResourceTypes')
  if (resourceTypes.length === 0) throw new NotSeen('The server lists no resource types.')
  return resourceTypes
}

/** Visits every attribute and sub-attribute of every schema, apart from the schemas of the discovery resources. */
function eachDefinition(bench: Bench, look: (attribute: Json, path: string) => void): void {
  const walk = (attributes: unknown, path: string): void => {
    for (const attribute of Array.isArray(attributes) ? attributes.filter(isObject) : []) {
      const name = `${path}${String(attribute.name)}`
      look(attribute, name)
      walk(attribute.subAttributes, `${name}.`)
    }
  }
  for (const schema of schemasOf(bench)) {
    if (attributesOf(schema).some(isDefinition)) continue
    walk(schema.attributes, `${String(schema.id).split(':').pop()}:`)
  }
}

function isDefinition({ name }: AttributeInfo): boolean {
  return name === 'schemaExtensions' || name === 'authenticationSchemes' || name === 'attributes'
}
