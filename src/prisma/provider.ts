/**
 * The database that Prisma asks, as `provider` of its schema has it. Prisma makes `LIKE` of `contains`, and what that means
 * differs.
 */
export type PrismaProvider = 'postgresql' | 'cockroachdb' | 'sqlite'

/** What a database makes of the filters of Prisma. */
export interface Matching {
  /** Whether `mode: 'insensitive'` exists; it makes ILIKE of everything, `equals` included. */
  readonly hasMode: boolean
  /** The pattern that finds a text and nothing else; undefined if there is none, and the text itself finds more. */
  readonly pattern: (text: string, folded: boolean) => string | undefined
  /** Whether texts are ordered by code point, whatever the locale is. */
  readonly byCodePoint: boolean
}

/** How texts are matched there. */
export function matchingOf(provider: PrismaProvider): Matching {
  return provider === 'sqlite' ? SQLITE : POSTGRESQL
}

const POSTGRESQL: Matching = {
  hasMode: true,
  pattern: (text) => text.replace(/[\\%_]/g, '\\$&'),
  byCodePoint: false,
}

const SQLITE: Matching = {
  hasMode: false,
  // LIKE of SQLite has no escape of its own, and is blind to the case of ASCII letters.
  pattern: (text, folded) => (folded && !/[%_]/.test(text) ? text : undefined),
  byCodePoint: true,
}
