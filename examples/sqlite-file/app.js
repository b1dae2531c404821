import { randomBytes } from 'node:crypto'
import express from 'express'
import { bearer, scimRouter } from 'express-scim'

/**
 * An Express app that serves resources at /scim/v2. Each token belongs to one customer, whose rows alone it reads and
 * writes.
 */
export function appOf(options, tokens) {
  const scim = scimRouter({
    // Where customers make tokens of their own, look them up by their hash: docs/connections.md.
    authenticate: bearer((token) => (tokens.has(token) ? { tenant: tokens.get(token) } : null)),
    tenants: 'required',
    on: { error: ({ error, method, path }) => console.error(method, path, error) },
    ...options,
  })
  return express().use('/scim/v2', scim, scim.errors)
}

/** Serves until SIGTERM or SIGINT, and then closes the database. */
export function listen(options, close) {
  const token = process.env.SCIM_TOKEN || randomBytes(24).toString('base64url')
  const app = appOf(options, new Map([[token, 'acme']]))
  const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
    if (error) throw error
    console.log(`SCIM service provider at http://127.0.0.1:${server.address().port}/scim/v2`)
    if (!process.env.SCIM_TOKEN) console.log(`Token of acme: ${token}`)
  })
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, async () => {
      server.close()
      server.closeIdleConnections()
      await close()
    })
  }
}
