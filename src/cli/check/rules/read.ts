import { isUnassigned } from '../../../json-values.js'
import type { Bench } from '../bench/bench.js'
import { ENTERPRISE, sameUri } from '../bench/capabilities.js'
import { bodyOf, type Json, memberOf, must, mustBe, mustEqual, shown } from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { type Area, area, needsUsers, rule } from '../bench/rule.js'

export const read: Area = area('Read and projection', needsUsers, [
  rule(
    'P-3.4.1-01',
    'MUST',
    'RFC 7644 section 3.4.1',
    'GET by id is answered with 200 and the resource',
    async (bench) => {
      const user = await bench.shared()
      const body = bodyOf(await bench.get(bench.at(bench.users, user)), 200, `GET ${bench.users}/{id}`)
      mustEqual(body.id, user.id, 'id')
      mustEqual(String(body.userName).toLowerCase(), String(user.userName).toLowerCase(), 'userName')
    },
  ),
  rule(
    'P-3.4.2.5-01 P-3.9-02',
    'MUST',
    'RFC 7644 section 3.9',
    'attributes: only those named and those always returned',
    async (bench) => {
      const body = await projected('attributes=userName', bench)
      must(memberOf(body, 'userName') !== undefined, 'userName is missing although it is named.')
      must(body.id !== undefined, 'id is missing although it is always returned.')
      for (const name of unlessAlways(bench, ['emails', 'name', 'displayName']))
        must(memberOf(body, name) === undefined, `${name} is there although it is not named.`)
    },
  ),
  rule('P-3.9-03', 'MUST', 'RFC 7644 section 3.9', 'excludedAttributes: all but those named', async (bench) => {
    const whole = await projected('', bench)
    const body = await projected('excludedAttributes=name,emails', bench)
    for (const name of unlessAlways(bench, ['name', 'emails']))
      must(memberOf(body, name) === undefined, `${name} is there although it is excluded.`)
    must(memberOf(body, 'userName') !== undefined, 'userName is missing although it is not excluded.')
    must(
      isUnassigned(whole.displayName) || memberOf(body, 'displayName') !== undefined,
      'displayName is missing although it is not excluded.',
    )
  }),
  rule('P-3.9-03 S-7-09', 'MUST', 'RFC 7644 section 3.9', 'excludedAttributes has no effect on id', async (bench) => {
    must(
      (await projected('excludedAttributes=id', bench)).id !== undefined,
      'id is missing although it is always returned.',
    )
  }),
  rule('P-3.10-02', 'MUST', 'RFC 7644 section 3.10', 'Names in attributes have no case', async (bench) => {
    must(
      memberOf(await projected('attributes=USERNAME', bench), 'userName') !== undefined,
      'attributes=USERNAME does not return userName.',
    )
  }),
  rule(
    'P-3.10-01',
    'MUST',
    'RFC 7644 section 3.10',
    'Names in attributes may have the URN of the schema before them',
    async (bench) => {
      const body = await projected(`attributes=${bench.user.schema}:userName`, bench)
      must(memberOf(body, 'userName') !== undefined, 'attributes={urn}:userName does not return userName.')
    },
  ),
  rule('P-3.9-08', 'NOTE', 'RFC 7644 section 3.9', 'A sub-attribute may be named alone', async (bench) => {
    const { name } = await projected('attributes=name.familyName', bench)
    must(memberOf(name, 'familyName') !== undefined, 'attributes=name.familyName does not return it.')
    must(memberOf(name, 'givenName') === undefined, 'attributes=name.familyName returns name.givenName too.')
  }),
  rule(
    'P-3.9-12 P-3.10-01',
    'MUST',
    'RFC 7644 section 3.10',
    'An attribute of an extension is named by its URN',
    async (bench) => {
      if (!bench.hasEnterprise()) throw new NotSeen('Users have no enterprise extension.')
      const user = await bench.newUser({
        schemas: [bench.user.schema, ENTERPRISE],
        [ENTERPRISE]: { department: 'Tours', division: 'East' },
      })
      const body = bodyOf(
        await bench.get(`${bench.at(bench.users, user)}?attributes=${ENTERPRISE}:department`),
        200,
        'GET with attributes={urn}:department',
      )
      const extension = memberOf(body, ENTERPRISE)
      mustEqual(memberOf(extension, 'department'), 'Tours', 'department')
      must(memberOf(extension, 'division') === undefined, 'division is there although it is not named.')
    },
  ),
  rule('P-3.9-01', 'MUST', 'RFC 7644 section 3.9', 'attributes works on a list', async (bench) => {
    const answer = await bench.get(`${bench.users}?count=2&attributes=userName`)
    const resources = memberOf(bodyOf(answer, 200, `GET ${bench.users}?attributes=userName`), 'Resources')
    for (const one of Array.isArray(resources) ? resources : [])
      must(memberOf(one, 'emails') === undefined, 'emails is in the list although it is not named.')
  }),
  rule('P-3.9-01', 'MUST', 'RFC 7644 section 3.9', 'attributes works on the answer to a POST', async (bench) => {
    const answer = await bench.post(`${bench.users}?attributes=userName`, bench.userDraft())
    const body = bodyOf(answer, 201, `POST ${bench.users}?attributes=userName`)
    must(memberOf(body, 'emails') === undefined, 'emails is in the answer to POST although it is not named.')
  }),
  rule(
    'P-3.9-13',
    'NOTE',
    'RFC 7643 section 3',
    'schemas is in every resource, also with attributes',
    async (bench) => {
      const { schemas } = await projected('attributes=userName', bench)
      must(
        Array.isArray(schemas) && schemas.some((uri) => sameUri(uri, bench.user.schema)),
        `schemas is ${shown(schemas)}.`,
      )
    },
  ),
  rule('P-3.9-11', 'NOTE', 'RFC 7644 section 3.9', 'An unknown name in attributes is no error', async (bench) => {
    mustBe(
      await bench.get(`${bench.at(bench.users, await bench.shared())}?attributes=scimCheckUnknown`),
      200,
      'GET with an unknown name in attributes',
    )
  }),
])

async function projected(query: string, bench: Bench): Promise<Json> {
  const path = `${bench.at(bench.users, await bench.shared())}${query === '' ? '' : `?${query}`}`
  return bodyOf(await bench.look(path), 200, `GET ${bench.users}/{id}?${query}`)
}

/** The names without the attributes that the server's own schema marks as always returned. */
function unlessAlways({ user }: Bench, names: readonly string[]): readonly string[] {
  return names.filter(
    (name) => !user.attributes.some((attribute) => attribute.name === name && attribute.returned === 'always'),
  )
}
