import type { Dialect } from './dialect.js'
import { quoted, render, type SqlFragment, type SqlText } from './fragment.js'

/** SQL in each of the forms that query builders take. */
export interface CompiledSql extends SqlText {
  /** With placeholders, as the dialect has them. */
  readonly text: string
  /** The values of the placeholders, in their order. */
  readonly values: readonly unknown[]
  /**
   * The text around the values, for tagged templates: ``sql(pieces, ...values)`` with the `sql` of Kysely, Drizzle,
   * Prisma or postgres.js is the same as a template that was written out.
   */
  readonly pieces: TemplateStringsArray
  /**
   * Makes the SQL with named parameters, such as TypeORM takes: `:scim1`, `:scim2`, … Give each condition of one query
   * a prefix of its own.
   *
   * @defaultValue `'scim'`
   */
  readonly named: (prefix?: string) => NamedSql
}

/** SQL with named parameters. */
export interface NamedSql {
  /** The statement. */
  readonly text: string
  /** The values, by the names of their parameters. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** Makes the forms of a fragment. */
export function compiled(fragment: SqlFragment, dialect: Dialect, first: number): CompiledSql {
  const { text, values } = render(fragment, dialect.parameter, first, dialect.identifier)
  const { pieces } = quoted(fragment, dialect.identifier)
  return {
    text,
    values,
    pieces: templateStrings(pieces),
    named: (prefix = 'scim') => ({
      text: render(fragment, (position) => `:${prefix}${position}`, 1, dialect.identifier).text,
      parameters: Object.fromEntries(values.map((value, index) => [`${prefix}${index + 1}`, value])),
    }),
  }
}

/** The texts that a template literal passes to its tag, with their raw form. */
function templateStrings(pieces: readonly string[]): TemplateStringsArray {
  return Object.freeze(Object.assign([...pieces], { raw: Object.freeze([...pieces]) }))
}
