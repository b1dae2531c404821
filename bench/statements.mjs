// How many statements an operation sends to PostgreSQL; BEGIN and COMMIT count.
import { once } from 'node:events'
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { postgresAdapters } from 'express-scim/postgres'
import pg from 'pg'
import { fetchJson } from './load.mjs'
import { figure } from './statistics.mjs'
import { GROUP, PATCH_OP, user } from './users.mjs'

export async function statements(report, url) {
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  const sent = []
  // A message may hold several.
  const note = (text) => sent.push(...(typeof text === 'string' ? text : text.text).split(';\n'))
  const counted = {
    // This client takes the place of a Pool of `pg`.
    Client: pool.Client,
    options: pool.options,
    query: (text, values) => {
      note(text)
      return pool.query(text, values)
    },
    connect: async () => {
      const client = await pool.connect()
      return {
        query: (text, values) => {
          note(text)
          return client.query(text, values)
        },
        release: (error) => client.release(error),
        on: client.on.bind(client),
        removeListener: client.removeListener.bind(client),
      }
    },
  }
  const { resources } = postgresAdapters({ pool: counted })
  const authenticate = bearer((token) => token && { tenant: 'statements' })
  const server = express().use('/v2', scimRouter({ authenticate, resources })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  const ask = async (method, path, body) => {
    sent.length = 0
    const answer = await fetchJson(port, `/v2${path}`, { method, body })
    return { answer, texts: [...sent] }
  }
  const change = (...Operations) => ({ schemas: [PATCH_OP], Operations })
  try {
    const { answer: made, texts: post } = await ask('POST', '/Users', user(40_000_000))
    const { answer: other } = await ask('POST', '/Users', user(40_000_001))
    const { answer: group } = await ask('POST', '/Groups', { schemas: [GROUP], displayName: 'Counted' })
    const filter = encodeURIComponent(`userName eq "${made.userName}"`)
    const { schemas: _, ...rest } = user(40_000_000)
    const add = await ask(
      'PATCH',
      `/Groups/${group.id}`,
      change({ op: 'add', path: 'members', value: [{ value: other.id }] }),
    )
    const remove = await ask(
      'PATCH',
      `/Groups/${group.id}`,
      change({ op: 'remove', path: `members[value eq "${other.id}"]` }),
    )
    const all = [
      ['get', 1, (await ask('GET', `/Users/${made.id}`)).texts],
      ['filter', 1, (await ask('GET', `/Users?filter=${filter}`)).texts],
      ['list', 2, (await ask('GET', '/Users?count=100')).texts],
      ['post', 1, post],
      ['put', 2, (await ask('PUT', `/Users/${made.id}`, { schemas: made.schemas, ...rest, title: 'Lead' })).texts],
      [
        'patch',
        1,
        (await ask('PATCH', `/Users/${made.id}`, change({ op: 'replace', path: 'title', value: 'Guide' }))).texts,
      ],
      ['member.add', 1, add.texts],
      ['member.remove', 1, remove.texts],
      ['delete', 3, (await ask('DELETE', `/Users/${other.id}`)).texts],
    ]
    for (const [key, most, texts] of all) {
      if (process.env.BENCH_STATEMENTS) console.log(key, texts)
      report.add(`statements.${key}`, figure([texts.length], { most }))
    }
  } finally {
    server.close()
    await pool.end()
  }
}
