import type { IncomingMessage } from 'node:http'
import { Ajv, type ValidateFunction } from 'ajv'
import type { Schema } from '../contract/schema.js'
import { invalid, PagesFailure } from './failure.js'

const MOST_BYTES = 65_536

/** Reads values of a schema: members of a query are texts, and become numbers where the schema has numbers. */
export function readerOf(schema: Schema, from: 'query' | 'body'): (value: unknown) => unknown {
  let validate: ValidateFunction | undefined
  return (value) => {
    validate ??= new Ajv({
      ownProperties: true,
      meta: false,
      validateSchema: false,
      coerceTypes: from === 'query',
      formats: { 'date-time': (text: string) => text.length < 40 && !Number.isNaN(Date.parse(text)) },
    }).compile(schema.json)
    if (validate(value)) return value
    const [error] = validate.errors ?? []
    // The path names a member of ours, or an index: never a value.
    const place = error?.instancePath.slice(1).replaceAll('/', '.')
    const where = place === undefined || place === '' ? `The ${from}` : `Key ${place} of the ${from}`
    throw invalid(`${where} ${error?.message ?? 'is not valid'}.`)
  }
}

/** The members of a query. A repeated member is refused. */
export function queryOf({ url = '' }: IncomingMessage): Readonly<Record<string, string>> {
  const mark = url.indexOf('?')
  const found = new URLSearchParams(mark < 0 ? '' : url.slice(mark))
  const query: Record<string, string> = Object.create(null)
  for (const [name, value] of found) {
    if (name in query) throw invalid('A key of the query must not be repeated.')
    query[name] = value
  }
  return { ...query }
}

/** The body as JSON, also if a body parser of the application has read it; undefined without a body. */
export async function bodyOf(request: IncomingMessage & { readonly body?: unknown }): Promise<unknown> {
  // A parser of the application may have read it.
  if (typeof request.body === 'object' && request.body !== null && !Buffer.isBuffer(request.body)) return request.body
  if (request.readableEnded) return undefined
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new PagesFailure(415, 'invalid', 'The body must be JSON: Content-Type must be application/json.')
  }
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MOST_BYTES)
      throw new PagesFailure(413, 'invalid', `The body must not be larger than ${MOST_BYTES} bytes.`)
    parts.push(part)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    throw invalid('The body must be JSON.')
  }
}
