import { memberOf, must } from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { type Area, area, rule } from '../bench/rule.js'

export const me: Area = area('Me', undefined, [
  rule(
    'P-3.11-01 P-3.11-04',
    'SHOULD',
    'RFC 7644 section 3.11',
    '/Me is the resource of who asks, or 501',
    async (bench) => {
      const answer = await bench.get('/Me')
      if ([501, 404, 403, 401].includes(answer.status))
        throw new NotSeen(`The server has no resource for who asks (${answer.status}).`)
      if (answer.status === 307 || answer.status === 308) return
      must(answer.status === 200, `GET /Me is answered with ${answer.status}, must be 200, 308 or 501.`)
      const location = answer.headers.get('location') ?? memberOf(memberOf(answer.body, 'meta'), 'location')
      must(
        typeof location === 'string' && !/\/Me$/i.test(location),
        'The answer to GET /Me must contain the permanent URI of the resource.',
      )
    },
  ),
])
