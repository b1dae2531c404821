import { isUnassigned } from '../../../json-values.js'
import type { Bench } from '../bench/bench.js'
import { ENTERPRISE, sameUri } from '../bench/capabilities.js'
import { bodyOf, memberOf, must, mustBe, mustEqual, mustRefuse, resourcesOf, shown } from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { type Area, area, needsUsers, rule } from '../bench/rule.js'

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/

export const create: Area = area('Create', needsUsers, [
  rule(
    'P-3.3-01',
    'MUST',
    'RFC 7644 section 3.3',
    'POST creates a resource and is answered with 201',
    async (bench) => {
      const answer = await created(bench)
      mustBe(answer, 201, `POST ${bench.users}`)
    },
  ),
  rule(
    'P-3.3-06',
    'MUST',
    'RFC 7644 section 3.3',
    'The answer has the URI of the resource in Location and in meta.location',
    async (bench) => {
      const answer = await created(bench)
      const body = bodyOf(answer, [200, 201], `POST ${bench.users}`)
      const header = answer.headers.get('location')
      must(header !== null, `The answer to POST ${bench.users} has no Location header.`)
      mustEqual(memberOf(body.meta, 'location'), header, 'meta.location')
    },
  ),
  rule('S-3.1-09', 'MUST', 'RFC 7643 section 3.1', 'meta.location is the URI of the resource', async (bench) => {
    const user = await bench.shared()
    const location = memberOf(user.meta, 'location')
    must(typeof location === 'string', `meta.location is ${shown(location)}, must be a URI.`)
    const end = bench.at(bench.users, user)
    must(
      decodeURIComponent(location).endsWith(decodeURIComponent(end)),
      `meta.location is ${shown(location)}, must end with ${end}.`,
    )
  }),
  rule('P-3.3-05', 'SHOULD', 'RFC 7644 section 3.3', 'The answer has the whole resource', async (bench) => {
    const draft = bench.userDraft()
    const body = bodyOf(await bench.post(bench.users, draft), [200, 201], `POST ${bench.users}`)
    for (const name of ['userName', 'name', 'emails']) {
      if (bench.has(name))
        must(!isUnassigned(memberOf(body, name)), `The answer to POST ${bench.users} has no ${name}.`)
    }
  }),
  rule(
    'S-3.1-02 S-3.1-03',
    'MUST',
    'RFC 7643 section 3.1',
    'The server gives the resource an id of its own',
    async (bench) => {
      const draft = bench.userDraft({ id: `${bench.mark}-chosen` })
      const { id } = bodyOf(await bench.post(bench.users, draft), [200, 201], `POST ${bench.users}`)
      must(typeof id === 'string' && id !== '', `id is ${shown(id)}, must be a text.`)
      must(id !== draft.id, 'The id is the one that the client sent; the server must give it.')
      must(!/bulkId/i.test(id), 'The id has the reserved text "bulkId" in it.')
    },
  ),
  rule(
    'P-3.3-02 S-3.1-06',
    'MUST',
    'RFC 7644 section 3.3',
    'Attributes that only the server sets are ignored',
    async (bench) => {
      const meta = {
        resourceType: 'Nonsense',
        created: '2001-01-01T00:00:00Z',
        location: 'https://scim-check.invalid/1',
      }
      const body = bodyOf(await bench.post(bench.users, bench.userDraft({ meta })), [200, 201], `POST ${bench.users}`)
      for (const [name, value] of Object.entries(meta))
        must(memberOf(body.meta, name) !== value, `meta.${name} is what the client sent.`)
    },
  ),
  rule(
    'P-3.3.1-01 S-6-05',
    'MUST',
    'RFC 7644 section 3.3.1',
    'meta.resourceType is the name of the resource type',
    async (bench) => {
      mustEqual(memberOf((await bench.shared()).meta, 'resourceType'), bench.user.name, 'meta.resourceType')
    },
  ),
  rule(
    'S-3.1-07',
    'MUST',
    'RFC 7643 section 3.1',
    'meta.created and meta.lastModified are times, equal after creation',
    async (bench) => {
      const user = await bench.newUser()
      const { created, lastModified } = await bench.meta(bench.users, user)
      for (const [name, value] of Object.entries({ created, lastModified })) {
        must(typeof value === 'string' && DATE_TIME.test(value), `meta.${name} is ${shown(value)}, must be a dateTime.`)
      }
      mustEqual(Date.parse(String(lastModified)), Date.parse(String(created)), 'meta.lastModified')
    },
  ),
  rule('P-3.1-02 S-3-02', 'MUST', 'RFC 7643 section 3', 'schemas has the URI of the base schema', async (bench) => {
    const { schemas } = await bench.read(bench.users, await bench.shared())
    must(
      Array.isArray(schemas) && schemas.some((uri) => sameUri(uri, bench.user.schema)),
      `schemas is ${shown(schemas)}, must have ${bench.user.schema}.`,
    )
  }),
  rule(
    'S-3-01',
    'MUST',
    'RFC 7643 section 3',
    'schemas names the schemas of the resource type, each once',
    async (bench) => {
      const { schemas } = await bench.read(bench.users, await bench.shared())
      must(Array.isArray(schemas), `schemas is ${shown(schemas)}, must be an array.`)
      must(new Set(schemas).size === schemas.length, 'schemas names a URI twice.')
      if (bench.capabilities.resourceTypes.length === 0) return
      const known = [bench.user.schema, ...bench.user.extensions.map(({ schema }) => schema)]
      const unknown = schemas.find((uri) => !known.some((one) => sameUri(uri, one)))
      must(unknown === undefined, `schemas has ${shown(unknown)}, which /ResourceTypes does not name.`)
    },
  ),
  rule('P-3.3-07', 'MUST', 'RFC 7644 section 3.3', 'A userName that is taken is refused with 409', async (bench) => {
    const { userName } = await bench.shared()
    mustRefuse(
      await bench.post(bench.users, bench.userDraft({ userName })),
      409,
      `POST ${bench.users} with a taken userName`,
    )
  }),
  rule(
    'P-3.3-07',
    'MUST',
    'RFC 7644 section 3.3',
    'A userName that another user has is refused with scimType uniqueness',
    async (bench) => {
      const { userName } = await bench.shared()
      const answer = await bench.post(bench.users, bench.userDraft({ userName }))
      mustRefuse(answer, 409, `POST ${bench.users} with a taken userName`, 'uniqueness')
    },
  ),
  rule(
    'S-4.1-01',
    'MUST',
    'RFC 7643 section 4.1.1',
    'A userName that another user has in another case is refused',
    async (bench) => {
      if (bench.user.attributes.some(({ name, caseExact }) => name === 'userName' && caseExact))
        throw new NotSeen('userName is described as caseExact.')
      const { userName } = await bench.shared()
      const answer = await bench.post(bench.users, bench.userDraft({ userName: String(userName).toUpperCase() }))
      mustRefuse(answer, 409, `POST ${bench.users} with a taken userName in capitals`)
    },
  ),
  rule(
    'S-4.1-01 P-3.3-09',
    'MUST',
    'RFC 7643 section 4.1.1',
    'A user without userName is refused with 400',
    async (bench) => {
      mustRefuse(
        await bench.post(bench.users, bench.userDraft({ userName: undefined })),
        400,
        `POST ${bench.users} without userName`,
      )
    },
  ),
  rule(
    'P-3.3-09',
    'NOTE',
    'RFC 7644 table 9',
    'A user without userName is refused with invalidValue',
    async (bench) => {
      const answer = await bench.post(bench.users, bench.userDraft({ userName: undefined }))
      mustRefuse(answer, 400, `POST ${bench.users} without userName`, 'invalidValue')
    },
  ),
  rule('P-3.3-10', 'NOTE', 'RFC 7644 table 9', 'A value of the wrong type is refused', async (bench) => {
    bench.requireAttribute('active')
    mustRefuse(
      await bench.post(bench.users, bench.userDraft({ active: 'perhaps' })),
      400,
      `POST ${bench.users} with active "perhaps"`,
    )
  }),
  rule('S-4.1-02 S-7-08 S-7-10', 'MUST', 'RFC 7643 section 4.1.1', 'A password is never returned', async (bench) => {
    bench.requireAttribute('password')
    const password = 'Sc1m-check-word!'
    const draft = bench.userDraft({ password })
    const answer = await bench.post(bench.users, draft)
    const { id } = bodyOf(answer, [200, 201], `POST ${bench.users} with a password`)
    const path = bench.at(bench.users, { id })
    for (const [name, one] of [
      ['POST', answer],
      ['GET', await bench.get(path)],
      ['GET with attributes=password', await bench.get(`${path}?attributes=password`)],
    ] as const) {
      must(!one.text.includes(password), `The answer to ${name} has the password.`)
      must(memberOf(one.body, 'password') === undefined, `The answer to ${name} has a value of password.`)
    }
  }),
  rule('S-2.1-01', 'MUST', 'RFC 7643 section 2.1', 'Attribute names in a body have no case', async (bench) => {
    const { userName, ...rest } = bench.userDraft()
    const body = bodyOf(
      await bench.post(bench.users, { ...rest, USERNAME: userName }),
      201,
      `POST ${bench.users} with USERNAME`,
    )
    mustEqual(String(memberOf(body, 'userName')).toLowerCase(), String(userName).toLowerCase(), 'userName')
  }),
  rule(
    'S-2.5-01 P-3.3-04',
    'MUST',
    'RFC 7643 section 2.5',
    'null and an empty array are the same as no value',
    async (bench) => {
      const name = bench.text()
      const list = bench.list()
      const body = bodyOf(
        await bench.post(bench.users, bench.userDraft({ [name]: null, [list]: [] })),
        201,
        `POST ${bench.users} with null and []`,
      )
      for (const one of [name, list])
        must(isUnassigned(memberOf(body, one)), `${one} is ${shown(memberOf(body, one))}, must have no value.`)
    },
  ),
  rule('S-2.3.2-01', 'MUST', 'RFC 7643 section 2.3.2', 'A boolean comes back as a boolean', async (bench) => {
    bench.requireAttribute('active')
    const user = await bench.newUser({ active: false })
    mustEqual((await bench.read(bench.users, user)).active, false, 'active')
  }),
  rule(
    'S-3-03 S-4.3-01',
    'MUST',
    'RFC 7643 section 3.3',
    'Attributes of an extension are under its URI',
    async (bench) => {
      if (!bench.hasEnterprise()) throw new NotSeen('Users have no enterprise extension.')
      const schemas = [bench.user.schema, ENTERPRISE]
      const user = await bench.newUser({ schemas, [ENTERPRISE]: { employeeNumber: '701984', department: 'Tours' } })
      const read = await bench.read(bench.users, user)
      mustEqual(memberOf(memberOf(read, ENTERPRISE), 'department'), 'Tours', `${ENTERPRISE}:department`)
      must(
        Array.isArray(read.schemas) && read.schemas.some((uri) => sameUri(uri, ENTERPRISE)),
        `schemas must have ${ENTERPRISE}.`,
      )
    },
  ),
  rule('S-2.4-02', 'MUST', 'RFC 7643 section 2.4', 'No list has two primary values', async (bench) => {
    const list = bench.list()
    const values = ['one', 'three'].map((word, index) => ({
      value: bench.value(list, word),
      type: ['work', 'home'][index],
      primary: true,
    }))
    const answer = await bench.post(bench.users, bench.userDraft({ [list]: values }))
    if (answer.status === 400) return
    const stored = memberOf(bodyOf(answer, 201, `POST ${bench.users} with two primary values`), list)
    const primary = Array.isArray(stored) ? stored.filter((one) => memberOf(one, 'primary') === true) : []
    must(primary.length < 2, `${list} has ${primary.length} primary values.`)
  }),
  rule('P-3.4.2-02', 'MUST', 'RFC 7644 section 3.3', 'What was created is found in the list', async (bench) => {
    const user = await bench.shared()
    const path = `${bench.users}?filter=${encodeURIComponent(`userName eq ${JSON.stringify(user.userName)}`)}`
    if (!bench.capabilities.supports.filter) throw new NotSeen('The server says that it has no filter.')
    const found = resourcesOf(await bench.get(path), `GET ${bench.users} by userName`)
    mustEqual(
      found.map(({ id }) => id),
      [user.id],
      'The ids found by userName',
    )
  }),
])

function created(bench: Bench) {
  return bench.post(bench.users, bench.userDraft())
}
