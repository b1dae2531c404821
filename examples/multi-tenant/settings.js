import express from 'express'

/**
 * The routes behind a settings page: an administrator makes, rotates, revokes and closes the connections of one
 * customer.
 */
export function settings(connections) {
  const routes = express.Router()
  const place = ({ administrator, params }) => ({ ...administrator, id: params.id })

  routes.get('/', async ({ administrator }, response) => {
    response.json(await connections.list(administrator))
  })
  // The token is in this answer, and in no other one.
  routes.post('/', async ({ administrator, body }, response) => {
    const { provider, name, scopes } = body
    response.status(201).json(await connections.create({ provider, name, scopes, ...administrator }))
  })
  routes.post('/:id/rotate', async (request, response) => {
    response.json(await connections.rotate(place(request)))
  })
  routes.post('/:id/revoke', async (request, response) => {
    response.json(await connections.revoke({ credential: request.body.credential, ...place(request) }))
  })
  routes.post('/:id/pause', async (request, response) => {
    response.json(await connections.pause(place(request)))
  })
  routes.post('/:id/resume', async (request, response) => {
    response.json(await connections.resume(place(request)))
  })
  // A link for a colleague who administers the identity provider and has no account here.
  routes.post('/:id/invite', async (request, response) => {
    response.json(await connections.invite(place(request)))
  })
  routes.delete('/:id', async (request, response) => {
    response.json(await connections.close(place(request)))
  })
  // These two errors have texts for people; the application handles all others.
  routes.use((error, _request, response, next) => {
    if (error.name !== 'ConnectionsError' && error.name !== 'SetupError') return next(error)
    response.status(error.code === 'unknown' ? 404 : 400).json({ error: error.message })
  })
  return routes
}
