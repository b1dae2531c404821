import { randomBytes } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bearer, scimRouter } from '../../index.js'
import { type Command, textOf } from '../shared/command.js'
import { UsageError } from '../shared/io.js'
import { MOUNT, mounted } from './mounted.js'
import { OneUseLink } from './one-use-link.js'
import { openSqliteFile, secretBeside } from './sqlite-file.js'
import { type Storage, storageOf } from './storage.js'
import { withPages } from './with-pages.js'

export const serveCommand: Command = {
  name: 'serve',
  arguments: [],
  summary: 'Run a SCIM service with storage in memory or in a file, to try clients and commands.',
  description: [
    'Listens on 127.0.0.1 alone, and answers only requests to localhost or 127.0.0.1. Each start makes a new token, unless $SCIM_TOKEN has one. Users and groups are lost at the end, unless --file names a file: the service then stores them there with SQLite, and only the owner of the file can read it.',
    'With --pages the service also has the pages for customers and for staff, behind a link that works once. The printed token is then the token of a connection, and $SCIM_TOKEN is ignored.',
  ],
  options: {
    port: { type: 'string', short: 'p', value: 'PORT', help: 'The port. Default 3000; 0 takes any free port.' },
    file: {
      type: 'string',
      value: 'PATH',
      help: 'Store users and groups in this file. Needs Node 22.13, or better-sqlite3 or libsql in this folder.',
    },
    pages: {
      type: 'boolean',
      help: 'Also serve the pages: set-up, credentials, people, log. The printed link works once.',
    },
    strict: {
      type: 'boolean',
      help: 'Switch all tolerances off, so that only requests that follow the RFCs are accepted.',
    },
  },
  exits: [['0', 'The service was ended.']],
  examples: [
    ['npx express-scim serve', 'on port 3000'],
    ['npx express-scim serve --file scim.db', 'keep users and groups for the next start'],
    ['npx express-scim serve --pages --file scim.db', 'with the pages, and all data in a file'],
    ['SCIM_TOKEN=secret npx express-scim serve --port 8080 --strict', 'with a token of your own'],
  ],
  run: async ({ values }, io) => {
    const port = textOf(values, 'port') ?? '3000'
    if (!/^\d{1,5}$/.test(port)) throw new UsageError('--port must be a number.')
    const path = textOf(values, 'file')
    const file = path === undefined ? undefined : await openSqliteFile(path)
    const storage = await storageOf(file)
    let listener: RequestListener = (_request, response) => void response.writeHead(503).end()
    const server = createServer((request, response) => {
      // The page of an attacker can point its own host name at this machine (DNS rebinding), but its requests then
      // carry that name.
      if (/^(localhost|127\.0\.0\.1)(:\d+)?$/i.test(request.headers.host ?? '')) listener(request, response)
      else response.writeHead(421).end()
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(Number(port), '127.0.0.1', resolve)
    }).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`The service cannot listen on port ${port}: ${error.code}.`)
    })
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const url = `${origin}${MOUNT}`
    const strict = values.strict === true
    io.out(`SCIM service provider at ${url}\n`)
    if (values.pages === true) {
      const link = new OneUseLink()
      const secret = path === undefined ? newSecret() : await secretBeside(path, newSecret)
      const pages = await withPages(storage, link, { url, secret, strict })
      listener = pages.listener
      io.out(`Pages, for the browser that opens this link first: ${origin}/?key=${link.key}\n`)
      io.out(`Token: ${pages.token}\n`)
    } else {
      const token = io.env.SCIM_TOKEN || newSecret()
      listener = withoutPages(token, strict, storage)
      io.out(io.env.SCIM_TOKEN ? 'Token: the one in $SCIM_TOKEN\n' : `Token: ${token}\n`)
    }
    await new Promise<void>((resolve) => {
      io.onInterrupt(resolve)
    })
    server.close()
    server.closeAllConnections()
    file?.close()
    return 0
  },
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

function withoutPages(token: string, strict: boolean, { resources, transaction }: Storage): RequestListener {
  const scim = scimRouter({
    authenticate: bearer(token),
    compatibility: strict ? 'strict' : 'tolerant',
    resources,
    ...(transaction && { transaction }),
    cursor: { secrets: [newSecret()] },
  })
  return (request, response) => {
    if (mounted(request, MOUNT)) scim(request, response)
    else response.writeHead(404).end()
  }
}
