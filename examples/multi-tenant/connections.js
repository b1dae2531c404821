import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const hash = (token) => createHash('sha256').update(token).digest()

/**
 * The SCIM connections of customers, one token each. Only hashes are kept: who reads this table can sign in as nobody.
 * A real application has them in a database, with a page where an administrator makes a token and sees it once.
 */
export function connectionStore() {
  const connections = []
  return {
    /** Makes a connection and gives its token. */
    add(org, { scopes = ['read', 'write'], token = randomBytes(32).toString('base64url') } = {}) {
      connections.push({ id: `${org}-${connections.length + 1}`, org, scopes, tokenHash: hash(token) })
      return token
    },
    /** The connection of a token, if it is one of this customer. */
    find(org, token) {
      const digest = hash(token)
      return connections.find((connection) => connection.org === org && timingSafeEqual(connection.tokenHash, digest))
    },
  }
}
