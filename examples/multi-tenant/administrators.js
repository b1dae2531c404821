import { timingSafeEqual } from 'node:crypto'

/**
 * Stands for the sign-in that a real application has: a person with the key of a customer administrates that customer.
 * The tenant comes from the key, and never from a path, a query or a body.
 */
export function administrators(keys) {
  const known = Object.entries(keys).map(([tenant, key]) => ({ tenant, key: Buffer.from(`Bearer ${key}`) }))
  return (request, response, next) => {
    const given = Buffer.from(request.get('authorization') ?? '')
    const found = known.find(({ key }) => key.length === given.length && timingSafeEqual(key, given))
    if (!found) return void response.status(401).json({ error: 'Sign in as an administrator of a customer.' })
    request.administrator = { tenant: found.tenant, by: `administrator of ${found.tenant}` }
    next()
  }
}
