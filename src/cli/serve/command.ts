import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bearer, type ScimRouterOptions, scimRouter } from '../../index.js'
import { memoryAdapters } from '../../memory/index.js'
import { sqliteAdapters } from '../../sqlite/index.js'
import { type Command, textOf } from '../command.js'
import { UsageError } from '../io.js'
import { openSqliteFile, type SqliteFile } from './sqlite-file.js'

/** Where the service is mounted. */
const MOUNT = '/scim/v2'

export const serveCommand: Command = {
  name: 'serve',
  arguments: [],
  summary: 'Run a SCIM service in memory or on a file, to try clients and commands against.',
  description: [
    'Listens on 127.0.0.1 alone, and answers only requests to localhost or 127.0.0.1. Each start makes a new token, unless $SCIM_TOKEN has one. Users and groups are gone at the end, unless --file names a file of SQLite, which only its owner can read.',
  ],
  options: {
    port: { type: 'string', short: 'p', value: 'PORT', help: 'Default 3000; 0 is any free port.' },
    file: {
      type: 'string',
      value: 'PATH',
      help: 'Keep what is stored in this file. Needs Node 22.13, or better-sqlite3 or libsql in this folder.',
    },
    strict: {
      type: 'boolean',
      help: 'Take the RFCs by the letter, without tolerance for what clients send beside them.',
    },
  },
  exits: [['0', 'It was ended.']],
  examples: [
    ['npx express-scim serve', 'on port 3000'],
    ['npx express-scim serve --file scim.db', 'what is stored is there again at the next start'],
    ['SCIM_TOKEN=secret npx express-scim serve --port 8080 --strict', 'with a token of your own'],
  ],
  run: async ({ values }, io) => {
    const port = textOf(values, 'port') ?? '3000'
    if (!/^\d{1,5}$/.test(port)) throw new UsageError('--port must be a number.')
    const token = io.env.SCIM_TOKEN || randomBytes(24).toString('base64url')
    const path = textOf(values, 'file')
    const file = path === undefined ? undefined : await openSqliteFile(path)
    const server = serviceFor(token, values.strict === true, await storageOf(file))
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
    file?.close()
    return 0
  },
}

type Storage = Pick<ScimRouterOptions, 'resources' | 'transaction'>

const userAttributes = { active: { default: true } } as const
const groupAttributes = { displayName: { uniqueness: 'server' } } as const

/** Storage on a file, or in memory. */
async function storageOf(file: SqliteFile | undefined): Promise<Storage> {
  if (file === undefined) {
    const { users, groups } = memoryAdapters({ groups: { attributes: groupAttributes } })
    return {
      resources: {
        User: { adapter: users, attributes: userAttributes },
        Group: { adapter: groups, attributes: groupAttributes },
      },
    }
  }
  const sqlite = sqliteAdapters({
    database: file,
    users: { attributes: userAttributes },
    groups: { attributes: groupAttributes },
  })
  await sqlite.migrate()
  return { resources: { ...sqlite.resources }, transaction: sqlite.transaction }
}

function serviceFor(token: string, strict: boolean, storage: Storage): Server {
  const scim = scimRouter({
    authenticate: bearer(token),
    compatibility: strict ? 'strict' : 'tolerant',
    ...storage,
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
