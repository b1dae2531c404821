/**
 * The database behind Prisma, with the name that `provider` has in its schema. Prisma translates `contains` to `LIKE`,
 * whose meaning depends on the database.
 */
export type PrismaProvider = 'postgresql' | 'cockroachdb' | 'sqlite'

/** How a database evaluates the filters of Prisma. */
export interface Matching {
  /** Whether `mode: 'insensitive'` exists. Prisma then uses ILIKE for every operator, also for `equals`. */
  readonly hasMode: boolean
  /** The pattern that finds exactly a text; undefined if there is none, because the text itself finds more. */
  readonly pattern: (text: string, folded: boolean) => string | undefined
  /** Whether texts are ordered by code point, independent of the locale. */
  readonly byCodePoint: boolean
}

/** How the database evaluates filters on texts. */
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
  // LIKE of SQLite has no escape character by default, and ignores the case of ASCII letters.
  pattern: (text, folded) => (folded && !/[%_]/.test(text) ? text : undefined),
  byCodePoint: true,
}
