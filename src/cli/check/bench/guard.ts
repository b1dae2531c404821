import type { Answer, RequestOptions } from '../../../client/index.js'
import { isObject } from '../../../is-object.js'
import { type Json, memberOf } from './expect.js'
import { type Ledger, refuseWrite, type Send } from './ledger.js'

/** Paths below the base URL that do not name a resource of the application. */
const FIXED = /^\/(Bulk|ServiceProviderConfig|Schemas|ResourceTypes|Me|\.search)(\/|\?|$)/i

/**
 * Sends requests, and refuses each write to a resource that this run did not create. The ledger records each resource
 * that a POST creates before the rule receives the answer.
 */
export function guardedSend(send: Send, ledger: Ledger, readOnly: boolean): Send {
  return async (method, path, request = {}) => {
    const reads = method === 'GET' || method === 'HEAD' || (method === 'POST' && /\/\.search(\?|$)/.test(path))
    if (readOnly && !reads) refuseWrite()
    if (reads) return send(method, path, request)
    if (/^\/Bulk(\?|$)/i.test(path)) return sendBulk(send, ledger, path, request)
    if (method !== 'POST' && !FIXED.test(path) && /^\/[^/?]+\/[^/?]+/.test(path)) await ledger.mayChange(path)
    const answer = await send(method, path, request)
    if (answer.status < 200 || answer.status > 299) return answer
    if (method === 'DELETE') ledger.deleted(path)
    if (method === 'POST') {
      const endpoint = /^\/[^/?]+/.exec(path)?.[0] ?? ''
      // A projection may have left the id out of the answer.
      await ledger.took(endpoint, memberOf(answer.body, 'id') ?? lastPart(answer.headers.get('location')))
    }
    return answer
  }
}

async function sendBulk(send: Send, ledger: Ledger, path: string, request: RequestOptions): Promise<Answer> {
  for (const { method, path: place } of operationsOf(request.body)) {
    const own = typeof place === 'string' && !place.includes('bulkId:')
    if (method !== 'POST' && own) await ledger.mayChange(place)
  }
  const answer = await send('POST', path, request)
  for (const { method, location, status } of operationsOf(answer.body)) {
    const place = typeof location === 'string' ? location.split('/').slice(-2) : []
    const made = String(method).toUpperCase() === 'POST' && String(memberOf(status, 'code') ?? status).startsWith('2')
    if (made && place.length === 2) await ledger.took(`/${place[0]}`, decodeURIComponent(place[1] ?? ''))
  }
  return answer
}

function operationsOf(body: unknown): readonly Json[] {
  const operations = memberOf(body, 'Operations')
  return Array.isArray(operations) ? operations.filter(isObject) : []
}

function lastPart(location: string | null): string | undefined {
  const last = location?.split('/').pop()
  return last === undefined ? undefined : decodeURIComponent(last)
}
