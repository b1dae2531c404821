import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bearer, scimRouter } from '../../index.js'
import { memoryAdapters } from '../../memory/index.js'
import { type Command, textOf } from '../command.js'
import { UsageError } from '../io.js'

/** Where the service is mounted. */
const MOUNT = '/scim/v2'

export const serveCommand: Command = {
  name: 'serve',
  arguments: [],
  summary: 'Run a SCIM service with storage in memory, to try clients and commands against.',
  description: [
    'Listens on 127.0.0.1 alone, and answers only who asks for localhost or 127.0.0.1. Each start makes a new token, unless $SCIM_TOKEN has one. What is stored is gone at the end.',
  ],
  options: {
    port: { type: 'string', short: 'p', value: 'PORT', help: 'Default 3000; 0 is any free port.' },
    strict: {
      type: 'boolean',
      help: 'Take the RFCs by the letter, without tolerance for what clients send beside them.',
    },
  },
  exits: [['0', 'It was ended.']],
  examples: [
    ['npx express-scim serve', 'on port 3000'],
    ['SCIM_TOKEN=secret npx express-scim serve --port 8080 --strict', 'with a token of your own'],
  ],
  run: async ({ values }, io) => {
    const port = textOf(values, 'port') ?? '3000'
    if (!/^\d{1,5}$/.test(port)) throw new UsageError('--port must be a number.')
    const token = io.env.SCIM_TOKEN || randomBytes(24).toString('base64url')
    const server = serviceFor(token, values.strict === true)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(Number(port), '127.0.0.1', resolve)
    }).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`Port ${port} cannot be listened at: ${error.code}.`)
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${MOUNT}`
    io.out(`SCIM service provider at ${url}\n`)
    io.out(io.env.SCIM_TOKEN ? 'Token: the one in $SCIM_TOKEN\n' : `Token: ${token}\n`)
    await new Promise<void>((resolve) => {
      io.onInterrupt(resolve)
    })
    server.close()
    server.closeAllConnections()
    return 0
  },
}

function serviceFor(token: string, strict: boolean): Server {
  const groupAttributes = { displayName: { uniqueness: 'server' } } as const
  const { users, groups } = memoryAdapters({ groups: { attributes: groupAttributes } })
  const scim = scimRouter({
    authenticate: bearer(token),
    compatibility: strict ? 'strict' : 'tolerant',
    resources: {
      User: { adapter: users, attributes: { active: { default: true } } },
      Group: { adapter: groups, attributes: groupAttributes },
    },
    cursor: { secrets: [randomBytes(24).toString('base64url')] },
  })
  return createServer((request: IncomingMessage, response) => {
    const path = request.url ?? ''
    // A page of a stranger can lead a name of its own to this machine; it cannot ask for one of these.
    const local = /^(localhost|127\.0\.0\.1)(:\d+)?$/i.test(request.headers.host ?? '')
    if (!local || !(path === MOUNT || path.startsWith(`${MOUNT}/`))) {
      response.writeHead(local ? 404 : 421).end()
      return
    }
    // As Express does for what is mounted.
    Object.assign(request, { baseUrl: MOUNT, originalUrl: path, url: path.slice(MOUNT.length) || '/' })
    scim(request, response)
  })
}
