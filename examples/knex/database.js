import createKnex from 'knex'
import { createTables } from '../existing-tables/create-tables.js'
import { openDatabase } from '../postgres/database.js'

/** The Knex of the application. */
export async function openKnex() {
  const { url, pool, close } = await openDatabase()
  await createTables(pool)
  const knex = createKnex({ client: 'pg', connection: url })
  return { knex, close: () => knex.destroy().then(close) }
}

/** The pool of Knex for the library: its connections are connections of pg. */
export function poolOf(knex) {
  const connect = async () => {
    const connection = await knex.client.acquireConnection()
    return {
      query: (text, values) => connection.query(text, values),
      release: (error) => {
        // Knex closes a connection that has this mark, and never hands it out again.
        if (error) connection.__knex__disposed = error
        return knex.client.releaseConnection(connection)
      },
    }
  }
  const query = async (text, values) => {
    const connection = await connect()
    try {
      return await connection.query(text, values)
    } finally {
      connection.release()
    }
  }
  return { connect, query }
}
