import { PassThrough } from 'node:stream'
import { type HostRequest, readRequestBody } from '../../src/express/body.js'
import type { BodyLimits } from '../../src/provider/request/request.js'

const limits = (bytes: number): BodyLimits => ({ bytes, depth: 32, values: 100 })

/** A request of which the test writes the body. */
function request(headers: Record<string, string>, body?: unknown): PassThrough & HostRequest {
  return Object.assign(new PassThrough(), { headers, body }) as unknown as PassThrough & HostRequest
}

/** A request that a parser of the host has read to its end, leaving `body`. */
async function parsed(body: unknown, length = '2'): Promise<HostRequest> {
  const stream = request({ 'content-length': length }, body)
  stream.end('{}')
  await new Promise((resolve) => stream.resume().on('end', resolve))
  return stream
}

const CHUNKED = { 'transfer-encoding': 'chunked' }

describe('a body that nobody has read', () => {
  test('is read, and parsed as UTF-8', async () => {
    const stream = request({ 'content-length': '11' })
    const read = readRequestBody(stream, limits(100))
    const bytes = Buffer.from('{"a":"é"}')
    for (const byte of bytes) stream.write(Buffer.of(byte))
    stream.end()
    expect(await read).toEqual({ a: 'é' })
    expect(stream.eventNames()).not.toContain('data')
  })

  test('is taken as it is when it has come whole, and ends for everybody else', async () => {
    const stream = request({ 'content-length': '9' })
    const ended = new Promise((resolve) => stream.on('end', resolve))
    stream.end('{"a":"é"}'.slice(0, -1))
    const whole = request({ 'content-length': '10' })
    const wholeEnded = new Promise((resolve) => whole.on('end', resolve))
    whole.end('{"a":"é"}')
    expect(await readRequestBody(whole, limits(100))).toEqual({ a: 'é' })
    await wholeEnded
    await expect(readRequestBody(stream, limits(100))).rejects.toMatchObject({ status: 400 })
    await ended
  })

  test.each(['utf8', 'latin1', 'base64'] as const)(
    'is the same when the host has set the encoding %s',
    async (encoding) => {
      const text = '{"a":"é", "b":"c"}'
      for (const headers of [CHUNKED, { 'content-length': String(Buffer.byteLength(text)) }]) {
        const stream = request(headers)
        stream.setEncoding(encoding)
        stream.end(text)
        expect(await readRequestBody(stream, limits(100))).toEqual({ a: 'é', b: 'c' })
      }
    },
  )

  test.each([undefined, 'utf8', 'hex'] as const)('may come in two parts, the encoding being %s', async (encoding) => {
    const text = '{"a":"one","b":"two"}'
    const stream = request({ 'content-length': String(text.length) })
    if (encoding) stream.setEncoding(encoding)
    stream.write(text.slice(0, 8))
    const read = readRequestBody(stream, limits(100))
    await new Promise((resolve) => setImmediate(resolve))
    stream.end(text.slice(8))
    expect(await read).toEqual({ a: 'one', b: 'two' })
    expect(stream.eventNames()).not.toContain('data')
  })

  test('is read beside somebody who listens already', async () => {
    const stream = request({ 'content-length': '7' })
    let counted = 0
    stream.on('data', (chunk: Buffer) => {
      counted += chunk.length
    })
    const read = readRequestBody(stream, limits(100))
    stream.end('{"a":1}')
    expect(await read).toEqual({ a: 1 })
    expect(counted).toBe(7)
  })

  test('is not waited for when the client is gone already', async () => {
    const stream = request({ 'content-length': '9' })
    stream.destroy()
    await new Promise((resolve) => stream.on('close', resolve))
    await expect(readRequestBody(stream, limits(100))).rejects.toMatchObject({ status: 400, scimType: 'invalidSyntax' })
  })

  test('may be null or false, which are not nothing', async () => {
    for (const text of ['null', 'false', '0', '""']) {
      const stream = request(CHUNKED)
      stream.end(text)
      expect(await readRequestBody(stream, limits(100))).toBe(JSON.parse(text))
    }
  })

  test('is none without length and encoding, or without a byte', async () => {
    const unframed = request({})
    unframed.end()
    expect(await readRequestBody(unframed, limits(100))).toBeUndefined()
    // HTTP/2 and fetch tell no length.
    const told = request({})
    told.end('{}')
    expect(await readRequestBody(told, limits(100))).toEqual({})
    expect(await readRequestBody(request({ 'content-length': '0' }), limits(100))).toBeUndefined()
    const empty = request(CHUNKED)
    empty.end()
    expect(await readRequestBody(empty, limits(100))).toBeUndefined()
  })

  test('{} in its place is the mark of Express 4, and no body', async () => {
    const stream = request(CHUNKED, {})
    stream.end('{"a":1}')
    expect(await readRequestBody(stream, limits(100))).toEqual({ a: 1 })
  })

  test('is refused beyond the limit: announced before a byte is read, else when it comes to that', async () => {
    const announced = request({ 'content-length': '101' })
    await expect(readRequestBody(announced, limits(100))).rejects.toMatchObject({
      status: 413,
      headers: { Connection: 'close' },
    })
    expect(announced.readableDidRead).toBe(false)
    // RFC 9113 section 8.2.2: HTTP/2 has no Connection header.
    const second = Object.assign(request({ 'content-length': '101' }), { httpVersionMajor: 2 })
    await expect(readRequestBody(second, limits(100))).rejects.toMatchObject({ status: 413, headers: {} })
    const chunked = request(CHUNKED)
    const read = readRequestBody(chunked, limits(5))
    chunked.write('12345')
    chunked.write('6')
    await expect(read).rejects.toMatchObject({ status: 413 })
    expect(chunked.listenerCount('data')).toBe(0)
    const whole = request(CHUNKED)
    whole.end('12345')
    expect(await readRequestBody(whole, limits(5))).toBe(12345)
  })

  test.each([
    Buffer.from([0x22, 0xff, 0x22]),
    Buffer.from([0xfe, 0xff, 0x00, 0x7b]),
    Buffer.from('{"a":1'),
    Buffer.from('{"a":1}}'),
  ])('that is no JSON in UTF-8 is 400 invalidSyntax: %j', async (bytes) => {
    const stream = request(CHUNKED)
    stream.end(bytes)
    await expect(readRequestBody(stream, limits(100))).rejects.toMatchObject({ status: 400, scimType: 'invalidSyntax' })
  })

  test.each([
    ['is cut off', (stream: PassThrough) => stream.destroy()],
    ['fails', (stream: PassThrough) => stream.destroy(new Error('ECONNRESET'))],
  ])('that %s is 400, and nothing goes on listening', async (_, end) => {
    const stream = request(CHUNKED)
    const read = readRequestBody(stream, limits(100))
    stream.on('error', () => undefined)
    stream.write('{')
    end(stream)
    await expect(read).rejects.toMatchObject({ status: 400 })
    expect(stream.listenerCount('end') + stream.listenerCount('data')).toBe(0)
  })

  test('may not be packed', async () => {
    const stream = request({ ...CHUNKED, 'content-encoding': 'br' })
    await expect(readRequestBody(stream, limits(100))).rejects.toMatchObject({ status: 415 })
  })
})

describe('a body that the host has read', () => {
  test.each([[{ a: 1 }], [[1]], [null], [5], [false]])('is taken as it is left: %j', async (body) => {
    expect(await readRequestBody(await parsed(body), limits(100))).toBe(body)
  })

  test('is parsed when it was left as text or bytes', async () => {
    expect(await readRequestBody(await parsed('{"a":"é"}'), limits(100))).toEqual({ a: 'é' })
    expect(await readRequestBody(await parsed(Buffer.from('{"a":"é"}')), limits(100))).toEqual({ a: 'é' })
    expect(await readRequestBody(await parsed(''), limits(100))).toBeUndefined()
    await expect(readRequestBody(await parsed('{'), limits(100))).rejects.toMatchObject({ scimType: 'invalidSyntax' })
    await expect(readRequestBody(await parsed(Buffer.of(0xff)), limits(100))).rejects.toMatchObject({
      scimType: 'invalidSyntax',
    })
  })

  test('has the same limit', async () => {
    await expect(readRequestBody(await parsed('"12345"'), limits(5))).rejects.toMatchObject({ status: 413 })
    await expect(readRequestBody(await parsed({ a: 1 }, '200'), limits(100))).rejects.toMatchObject({ status: 413 })
  })

  test('and thrown away is a mistake in the set-up', async () => {
    await expect(readRequestBody(await parsed(undefined), limits(100))).rejects.toMatchObject({ code: 'ERR_SCIM_BODY' })
  })

  test('{} for no bytes is none', async () => {
    expect(await readRequestBody(await parsed({}, '0'), limits(100))).toBeUndefined()
  })
})
