import { quoted, type SqlFragment } from '../../sql/fragment.js'
import type { Database, QueryResult } from '../database.js'
import type { RunTogether } from '../open-database.js'
import { isPgPool } from './pg-pool.js'

/**
 * Sends several statements in one message: as one transaction, without BEGIN and COMMIT. Each statement sees the
 * commits of other transactions before it begins. Only the Pool of `pg` can do this.
 *
 * Such a message has no parameters, so values stand in the text: letters, digits, and all other characters as
 * their numbers, so that no value ends its literal.
 */
export function togetherOf(pool: Database): RunTogether | undefined {
  if (!isPgPool(pool)) return undefined
  return async (connection, statements) => {
    const results: unknown = await connection.query(statements.map(spellOut).join(';\n'))
    // `pg` returns a list if there were several statements.
    return results as readonly QueryResult[]
  }
}

function spellOut(statement: SqlFragment): string {
  const { pieces, values } = quoted(statement)
  return values.reduce<string>(
    (text, value, index) => text + literal(value) + (pieces[index + 1] ?? ''),
    pieces[0] ?? '',
  )
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(', ')}]`
  if (typeof value !== 'string') throw new TypeError('Only texts and lists of texts can be spelled out in a statement.')
  return `E'${Array.from(value, escaped).join('')}'`
}

/** PostgreSQL documentation, section 4.1.2.2: `\UXXXXXXXX` is a character by its number, whatever the encoding. */
function escaped(character: string): string {
  if (/[A-Za-z0-9-]/.test(character)) return character
  return `\\U${character.codePointAt(0)?.toString(16).padStart(8, '0')}`
}
