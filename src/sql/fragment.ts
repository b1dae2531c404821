// Known by symbols, so that no value of a client can be taken for a fragment.
const MARK = Symbol.for('express-scim.sql')
const NAME = Symbol.for('express-scim.sql.name')

/** A name that stands among the values until the text is made: the dialect says how it is quoted. */
interface Name {
  readonly [NAME]: readonly string[]
}

/**
 * A piece of SQL and the values it is bound to: one more piece of text than there are values. Text comes from the
 * program alone, data of a client are always values. Names of tables and columns are among the values until `render`
 * quotes them.
 */
export interface SqlFragment {
  /** The text between the values. */
  readonly pieces: readonly string[]
  /** The values to bind, and the names that are still to be quoted. */
  readonly values: readonly unknown[]
  readonly [MARK]: true
}

/** SQL as text, the way a database driver takes it. */
export interface SqlText {
  /** The statement, with a placeholder for each value. */
  readonly text: string
  /** The values to bind, in the order of their placeholders. */
  readonly values: readonly unknown[]
}

/**
 * Writes SQL. An expression in braces is a fragment, which becomes part of the text, or a value, which is bound.
 *
 * @example
 * ```ts
 * import { identifier, sql } from 'express-scim/sql'
 *
 * const name = 'bjensen'
 * const query = sql`SELECT * FROM ${identifier('accounts')} WHERE email = ${name}`
 * ```
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly unknown[]): SqlFragment {
  const pieces = [strings[0] ?? '']
  const values: unknown[] = []
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]
    if (isFragment(part)) append(pieces, values, part)
    else {
      values.push(part)
      pieces.push('')
    }
    pieces[pieces.length - 1] += strings[index + 1] ?? ''
  }
  return makeFragment(pieces, values)
}

/** SQL that is taken as it is. Never pass data of a client. */
export function raw(text: string): SqlFragment {
  return makeFragment([text], NO_VALUES)
}

/** The name of a table or column, quoted as the dialect has it; a dot parts schema and table. */
export function identifier(name: string): SqlFragment {
  const value: Name = { [NAME]: name.split('.') }
  return makeFragment(NAMED, [value])
}

/** A text as a literal, if it must be spelled out for the database to use an index. Never pass data of a client. */
export function textLiteral(text: string): SqlFragment {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return raw(text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted)
}

/** Fragments with a text between them. */
export function join(fragments: readonly SqlFragment[], separator: string): SqlFragment {
  const [first, ...others] = fragments
  if (first === undefined) return NOTHING
  const pieces = [...first.pieces]
  const values = [...first.values]
  for (const fragment of others) {
    pieces[pieces.length - 1] += separator
    append(pieces, values, fragment)
  }
  return makeFragment(pieces, values)
}

/**
 * Makes text of a fragment, parameters numbered from `first` on.
 *
 * @param quote Quotes the name of a table or column. Default: in double quotes.
 */
export function render(
  fragment: SqlFragment,
  parameter: (position: number) => string = numbered,
  first = 1,
  quote: (name: string) => string = quoteIdentifier,
): SqlText {
  const { pieces, values } = quoted(fragment, quote)
  let text = pieces[0] ?? ''
  for (let index = 1; index < pieces.length; index++) text += parameter(first + index - 1) + pieces[index]
  return { text, values }
}

/**
 * The text around the values, with quoted names: one more piece than there are values, as a tagged template gets them.
 */
export function quoted(
  { pieces, values }: SqlFragment,
  quote: (name: string) => string = quoteIdentifier,
): { readonly pieces: readonly string[]; readonly values: readonly unknown[] } {
  const texts = [pieces[0] ?? '']
  const bound: unknown[] = []
  for (let index = 1; index < pieces.length; index++) {
    const value = values[index - 1]
    const text = pieces[index] ?? ''
    if (isName(value)) texts[texts.length - 1] += value[NAME].map(quote).join('.') + text
    else {
      bound.push(value)
      texts.push(text)
    }
  }
  return { pieces: texts, values: bound }
}

const NAMED: readonly string[] = Object.freeze(['', ''])
const NO_VALUES: readonly unknown[] = Object.freeze([])

/** Nothing at all. */
export const NOTHING: SqlFragment = Object.freeze(raw(''))

function makeFragment(pieces: readonly string[], values: readonly unknown[]): SqlFragment {
  return { pieces, values, [MARK]: true }
}

/** Whether a value is SQL, and not a bound value. */
export function isFragment(part: unknown): part is SqlFragment {
  return typeof part === 'object' && part !== null && MARK in part
}

function isName(value: unknown): value is Name {
  return typeof value === 'object' && value !== null && NAME in value
}

function append(pieces: string[], values: unknown[], fragment: SqlFragment): void {
  pieces[pieces.length - 1] += fragment.pieces[0] ?? ''
  for (let index = 1; index < fragment.pieces.length; index++) pieces.push(fragment.pieces[index] ?? '')
  for (const value of fragment.values) values.push(value)
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function numbered(position: number): string {
  return `$${position}`
}
