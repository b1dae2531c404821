import { ERROR } from '../../../src/urn.js'
import type { HostileAnswer, HostileRequest } from './exchange.js'

const GOOD = [200, 201, 204, 304]
/** Statuses for faults of a client. 429, 500, 502, 503 and 504 are not among them. */
const REFUSALS = [400, 401, 403, 404, 405, 406, 409, 411, 412, 413, 415, 428, 431, 501]

/** The fault of an answer to a hostile request; undefined for a SCIM error or a right answer. */
export function complaint(request: HostileRequest, answer: HostileAnswer | undefined): string | undefined {
  if (answer === undefined) {
    return request.dropAfter !== undefined || request.mayBreakHttp
      ? undefined
      : 'the connection was closed without an answer'
  }
  const { status, headers, body, complete } = answer
  if (!complete) return `status ${status}, and the body is not whole`
  if (headers['x-writes'] === undefined) {
    // Node has refused it, and the application was never asked. It takes 16 KiB of head.
    if (status === 431) return undefined
    return request.mayBreakHttp && status >= 400 && status < 500
      ? undefined
      : `status ${status} from nobody knows where`
  }
  if (request.outside && status === 404 && !headers['content-type']?.includes('json')) return undefined
  const written = Number(headers['x-writes'])
  if (status >= 400) {
    if (!REFUSALS.includes(status)) return `status ${status}: ${body.slice(0, 300)}`
    if (written > 0) return `status ${status}, and ${written} writes`
    return request.method === 'HEAD' ? undefined : complaintAboutError(status, headers, body)
  }
  if (!GOOD.includes(status)) return `status ${status}`
  return request.method === 'HEAD' ? undefined : complaintAboutBody(status, headers, body)
}

function complaintAboutError(status: number, headers: HostileAnswer['headers'], text: string): string | undefined {
  const body = readJson(text)
  const { schemas, status: told, detail } = (body ?? {}) as Record<string, unknown>
  if (!/^application\/(scim\+)?json/.test(headers['content-type'] ?? ''))
    return `status ${status} without the media type`
  if (JSON.stringify(schemas) !== JSON.stringify([ERROR]))
    return `status ${status} without a SCIM error: ${text.slice(0, 300)}`
  if (told !== String(status)) return `status ${status}, and "${String(told)}" in the body`
  if (typeof detail !== 'string' || detail === '') return `status ${status} without a detail`
  return detail.length > 2_000 ? `status ${status} with a detail of ${detail.length} characters` : undefined
}

function complaintAboutBody(status: number, headers: HostileAnswer['headers'], text: string): string | undefined {
  if (status === 204 || status === 304) return text === '' ? undefined : `status ${status} with a body`
  const body = readJson(text) as Readonly<Record<string, unknown>> | undefined
  if (!Array.isArray(body?.['schemas'])) return `status ${status} without schemas: ${text.slice(0, 300)}`
  if (status === 201 && !headers['location']) return 'status 201 without location'
  const id = body['id']
  if (id !== undefined && typeof id !== 'string') return `status ${status} with the id ${JSON.stringify(id)}`
  return 'password' in body ? 'a password in the answer' : undefined
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
