// A load generator of raw sockets: as little work as possible beside the server that is measured.
import { connect } from 'node:net'

const TOKEN = 'bench-token-of-some-length'

/**
 * Sends requests over some sockets, one at a time on each, until the time is over or all are sent.
 *
 * @param {{ port: number, connections?: number, ms?: number, total?: number, request: (n: number) => Buffer, status?:
 * number }} options
 * @returns {Promise<{ requests: number, ms: number }>}
 */
export async function load({ port, connections = 20, ...options }) {
  const sockets = await openSockets(port, connections)
  try {
    return await sockets.load(options)
  } finally {
    sockets.close()
  }
}

/** Sockets to a server, which can be loaded again and again. */
export async function openSockets(port, count) {
  const sockets = await Promise.all(Array.from({ length: count }, () => open(port)))
  return {
    async load({ ms = 60_000, total = Infinity, request, status = 200 }) {
      const begun = performance.now()
      const end = begun + ms
      let sent = 0
      let answered = 0
      const next = () => (sent < total && performance.now() < end ? request(sent++) : undefined)
      const count = () => {
        answered += 1
      }
      const rest = stayAwake()
      try {
        await Promise.all(sockets.map((socket) => converse(socket, status, next, count)))
      } finally {
        rest()
      }
      return { requests: answered, ms: performance.now() - begun }
    },
    close() {
      for (const socket of sockets) socket.end()
    },
  }
}

function open(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => {
      socket.off('error', reject)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

/** The process that wakes another one is charged for it: this generator never sleeps while it waits for answers. */
function stayAwake() {
  let turn = setImmediate(function again() {
    turn = setImmediate(again)
  })
  return () => clearImmediate(turn)
}

/** One socket: a request, its answer, the next request. */
function converse(socket, status, next, onAnswer) {
  return new Promise((resolve, reject) => {
    let missing = 0
    let head = ''
    const stop = (settle) => {
      socket.off('data', onData).off('error', onError).off('close', onClose)
      settle()
    }
    const onError = (error) => stop(() => reject(error))
    const onClose = () => onError(new Error('the server has closed the connection'))
    const send = () => {
      const bytes = next()
      if (bytes === undefined) stop(resolve)
      else socket.write(bytes)
    }
    const finish = () => {
      missing = 0
      head = ''
      onAnswer()
      send()
    }
    const onData = (chunk) => {
      if (missing > 0) {
        missing -= chunk.length
        if (missing <= 0) finish()
        return
      }
      head += chunk.toString('latin1')
      const at = head.indexOf('\r\n\r\n')
      if (at < 0) return
      if (!head.startsWith(`HTTP/1.1 ${status} `)) {
        socket.destroy()
        onError(new Error(`expected ${status}, got ${head.slice(0, 500)}`))
        return
      }
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
      missing = length - (head.length - at - 4)
      if (missing <= 0) finish()
    }
    socket.on('data', onData).on('error', onError).on('close', onClose)
    send()
  })
}

/** A request as bytes. */
export function requestBytes(method, path, body, token = TOKEN) {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`
  if (payload === undefined) return Buffer.from(`${head}\r\n`)
  const type = `Content-Type: application/json\r\nContent-Length: ${payload.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head + type), payload])
}

/** The body of a server's answer, as JSON. */
export async function fetchJson(port, path, { method = 'GET', body, token = TOKEN } = {}) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await response.text()
  return text === '' ? undefined : JSON.parse(text)
}
