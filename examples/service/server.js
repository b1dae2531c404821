import { randomBytes } from 'node:crypto'
import express from 'express'
import { scimService } from 'express-scim/service'
import { openStores } from './database.js'
import { home, session } from './sign-in.js'

// A real application has a secret that stays: a new secret makes all tokens invalid.
const secret = process.env.SCIM_SECRET || randomBytes(32).toString('base64url')
const { store, close } = await openStores()

const app = express()
const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', async (error) => {
  if (error) throw error
  const origin = `http://127.0.0.1:${server.address().port}`

  const scim = scimService({
    store,
    secret,
    url: `${origin}/scim/v2`,
    prefix: 'demo',
    credentials: ['token', 'oauth'],
    product: { name: 'Demo', support: 'help@demo.example', signIn: 'userName' },
    on: {
      'user.deactivated': ({ tenant, id }) => console.log(`${tenant}: signed out ${id}`),
      'connection.used': ({ tenant, connection }) => console.log(`${tenant}: ${connection} works`),
      error: ({ error, method, path }) => console.error(method, path, error),
    },
    onError: (error) => console.error(error.message),
  })
  await scim.migrate()

  app.use(scim.metadata)
  app.use('/scim/v2', scim, scim.errors)
  app.use(session)
  app.use(
    '/settings/scim',
    scim.customerPages(
      ({ user }) =>
        user?.tenant && {
          tenant: user.tenant,
          actor: user.id,
          can: ['read', 'people', 'credentials', 'record', 'close'],
        },
    ),
  )
  app.use(
    '/admin/scim',
    scim.staffPages(({ user }) => user?.isStaff && { actor: user.id, can: ['read', 'people'] }),
  )
  app.use(home)

  console.log(`Choose who you are at ${origin}`)
  console.log('Ready.')
})

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => close())
    server.closeIdleConnections()
  })
}
