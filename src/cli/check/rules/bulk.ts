import { isObject } from '../../../is-object.js'
import type { Bench } from '../bench/bench.js'
import { bodyOf, type Json, memberOf, must, mustBe, mustEqual, mustRefuse, shown, valuesOf } from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { type Area, area, needs, needsGroups, rule } from '../bench/rule.js'

const REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse'
const SECTION = 'RFC 7644 section 3.7'

/** The most operations that a rule sends to see the limit. */
const MOST = 2_000

async function bulk(bench: Bench, operations: readonly Json[]): Promise<readonly Json[]> {
  const answer = await bench.post('/Bulk', { schemas: [REQUEST], Operations: operations })
  const { Operations } = bodyOf(answer, 200, 'POST /Bulk')
  must(Array.isArray(Operations), 'The answer to POST /Bulk has no Operations.')
  return Operations.filter(isObject)
}

/** The status of a result. The RFC shows it as a text and, in two examples, as an object with a code. */
function statusOf({ status }: Json): number {
  return Number(memberOf(status, 'code') ?? status)
}

function newUser(bench: Bench, bulkId: string, attributes: Json = {}): Json {
  return { method: 'POST', path: bench.users, bulkId, data: bench.userDraft(attributes) }
}

const WRONG: Json = { method: 'DELETE', path: '/Users/scim-check-nobody' }

export const bulks: Area = area('Bulk', needs('bulk'), [
  rule(
    'P-3.7-02 P-3.7-09',
    'MUST',
    SECTION,
    'A bulk request is answered with 200 and a BulkResponse',
    async (bench) => {
      const answer = await bench.post('/Bulk', { schemas: [REQUEST], Operations: [newUser(bench, 'a')] })
      const { schemas } = bodyOf(answer, 200, 'POST /Bulk')
      must(Array.isArray(schemas) && schemas.includes(RESPONSE), `schemas is ${shown(schemas)}, must have ${RESPONSE}.`)
    },
  ),
  rule('P-3.7-12 P-3.7-13', 'MUST', SECTION, 'Each result has method, status, location and bulkId', async (bench) => {
    const [result] = await bulk(bench, [newUser(bench, 'a')])
    mustEqual(statusOf(result ?? {}), 201, 'status of the result')
    mustEqual(String(result?.method).toUpperCase(), 'POST', 'method of the result')
    mustEqual(result?.bulkId, 'a', 'bulkId of the result')
    must(typeof result?.location === 'string', 'The result has no location.')
  }),
  // The RFC says only "the HTTP response status code"; most of its examples have a text.
  rule('P-3.7-13', 'NOTE', SECTION, 'status of a result is a text', async (bench) => {
    const [result] = await bulk(bench, [newUser(bench, 'a')])
    mustEqual(result?.status, '201', 'status of the result')
  }),
  rule(
    'P-3.7-10 P-3.7-14',
    'MUST',
    SECTION,
    'Without failOnErrors all operations are tried; a failed one has its error',
    async (bench) => {
      const results = await bulk(bench, [WRONG, newUser(bench, 'a')])
      mustEqual(results.map(statusOf).sort(), [201, 404], 'The statuses')
      must(
        isObject(results.find((result) => statusOf(result) === 404)?.response),
        'The failed operation has no response.',
      )
    },
  ),
  rule('P-3.7-11', 'MUST', SECTION, 'failOnErrors stops the request after this many errors', async (bench) => {
    const operations = [WRONG, WRONG, newUser(bench, 'a')]
    const { status, body } = await bench.post('/Bulk', { schemas: [REQUEST], failOnErrors: 1, Operations: operations })
    // "If a bulk job is processed successfully, HTTP response code 200 OK MUST be returned; otherwise, an appropriate
    // HTTP error code MUST be returned". The RFC does not say which of the two holds for a job that failOnErrors ended
    // early.
    must(status === 200 || status >= 400, `POST /Bulk is answered with ${status}, must be 200 or an error.`)
    const results = isObject(body) ? valuesOf(body, 'Operations') : []
    must(status !== 200 || results.length > 0, 'The answer to POST /Bulk has no Operations.')
    // "before failing the remaining operations": a server may list those as failed, and may have carried out an earlier
    // one first.
    const failed = results.filter((result) => statusOf(result) >= 400)
    must(
      failed.length < 2 || failed.length === results.length,
      'failOnErrors 1 does not end the request after one error.',
    )
  }),
  rule(
    'P-3.7.2-01',
    'MUST',
    'RFC 7644 section 3.7.2',
    'bulkId: refers to the resource that another operation creates',
    async (bench) => {
      const data = bench.groupDraft({ members: [{ value: 'bulkId:u' }] })
      const results = await bulk(bench, [
        newUser(bench, 'u'),
        { method: 'POST', path: bench.groups, bulkId: 'g', data },
      ])
      const idOf = (bulkId: string): string =>
        String(results.find((one) => one.bulkId === bulkId)?.location)
          .split('/')
          .pop() ?? ''
      const group = await bench.read(bench.groups, { id: idOf('g') })
      mustEqual(
        valuesOf(group, 'members').map(({ value }) => value),
        [idOf('u')],
        'The members',
      )
    },
    needsGroups,
  ),
  rule(
    'P-3.7.2-03',
    'NOTE',
    'RFC 7644 section 3.7.2',
    'An unknown bulkId fails only the operation that uses it',
    async (bench) => {
      const data = bench.groupDraft({ members: [{ value: 'bulkId:nobody' }] })
      const results = await bulk(bench, [
        { method: 'POST', path: bench.groups, bulkId: 'g', data },
        newUser(bench, 'u'),
      ])
      must(
        Number(results.find(({ bulkId }) => bulkId === 'g')?.status) >= 400,
        'An operation with an unknown bulkId succeeds.',
      )
      mustEqual(String(results.find(({ bulkId }) => bulkId === 'u')?.status), '201', 'status of the other operation')
    },
    needsGroups,
  ),
  rule(
    'P-3.7-03 P-3.7-20',
    'MUST',
    'RFC 7644 section 3.12',
    'A bulk request without Operations is refused with 400',
    async (bench) => {
      mustRefuse(await bench.post('/Bulk', { schemas: [REQUEST] }), 400, 'POST /Bulk without Operations')
    },
  ),
  rule(
    'P-3.7.4-01',
    'MUST',
    'RFC 7644 section 3.7.4',
    'maxOperations and maxPayloadSize are announced',
    async (bench) => {
      for (const name of ['maxOperations', 'maxPayloadSize']) {
        const value = memberOf(bench.capabilities.config.bulk, name)
        must(typeof value === 'number' && value > 0, `bulk.${name} is ${shown(value)}, must be a number above 0.`)
      }
    },
  ),
  rule(
    'P-3.7.4-02',
    'MUST',
    'RFC 7644 section 3.7.4',
    'More operations than announced are refused with 413',
    async (bench) => {
      const { maxOperations } = bench.capabilities
      if (maxOperations < 1 || maxOperations > MOST)
        throw new NotSeen(`The limit of ${maxOperations} operations is not tried.`)
      const operations = Array.from({ length: maxOperations + 1 }, () => ({
        method: 'DELETE',
        path: '/Users/bulkId:scim-check-nobody',
      }))
      mustBe(
        await bench.post('/Bulk', { schemas: [REQUEST], Operations: operations }),
        413,
        `POST /Bulk with ${maxOperations + 1} operations`,
      )
    },
  ),
])
