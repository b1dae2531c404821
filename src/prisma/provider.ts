import { checkOption, oneOf } from '../check-options.js'

/**
 * The database behind Prisma, with the name that `provider` has in its schema. Prisma translates `contains` to `LIKE`,
 * whose meaning depends on the database.
 */
export type PrismaProvider = 'postgresql' | 'cockroachdb' | 'sqlite'

/** How a database evaluates the filters of Prisma. */
export interface TextMatching {
  /** Whether `mode: 'insensitive'` exists. Prisma then uses ILIKE for every operator, also for `equals`. */
  readonly hasMode: boolean
  /** The pattern that finds exactly a text; undefined if there is none, because the text itself finds more. */
  readonly pattern: (text: string, folded: boolean) => string | undefined
  /** Whether texts are ordered by code point, independent of the locale. */
  readonly byCodePoint: boolean
}

const POSTGRESQL: TextMatching = {
  hasMode: true,
  pattern: (text) => text.replace(/[\\%_]/g, '\\$&'),
  byCodePoint: false,
}

const SQLITE: TextMatching = {
  hasMode: false,
  // LIKE of SQLite has no escape character by default, and ignores the case of ASCII letters.
  pattern: (text, folded) => (folded && !/[%_]/.test(text) ? text : undefined),
  byCodePoint: true,
}

const MATCHING: Readonly<Record<PrismaProvider, TextMatching>> = {
  postgresql: POSTGRESQL,
  cockroachdb: POSTGRESQL,
  sqlite: SQLITE,
}

const PROVIDER = oneOf(...Object.keys(MATCHING))

/** How the database evaluates filters on texts. Throws a `SetupError` for a database that is not in the table. */
export function matchingOf(provider: PrismaProvider): TextMatching {
  checkOption(provider, PROVIDER, {
    owner: 'prismaWhere and prismaOrderBy',
    code: 'ERR_SCIM_OPTION',
    path: 'provider',
    section: 'prisma.md',
  })
  return MATCHING[provider]
}
