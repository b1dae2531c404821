// Known by a symbol, so that nothing a client sends can be taken for one.
const MARK = Symbol.for('express-scim.sql')

/**
 * A piece of SQL and the values it is bound to: one more piece of text than there are values. Text comes from the program
 * alone, what a client sent is always a value.
 */
export interface SqlFragment {
  readonly pieces: readonly string[]
  readonly values: readonly unknown[]
  readonly [MARK]: true
}

/** SQL as text, the way a database driver takes it. */
export interface SqlText {
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * Writes SQL. What stands in braces is a fragment that becomes part of the text, or else a value that is bound.
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

/** SQL that is taken as it is. Never pass what a client sent. */
export function raw(text: string): SqlFragment {
  return makeFragment([text], NO_VALUES)
}

/** The name of a table or column, quoted; a dot parts schema and table. */
export function identifier(name: string): SqlFragment {
  return raw(name.split('.').map(quoteIdentifier).join('.'))
}

/** A text as a literal, for what has to be spelled out so that an index is recognised. Never pass what a client sent. */
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

/** Makes text of a fragment, parameters numbered from `first` on. */
export function render(
  { pieces, values }: SqlFragment,
  parameter: (position: number) => string = numbered,
  first = 1,
): SqlText {
  let text = pieces[0] ?? ''
  for (let index = 1; index < pieces.length; index++) text += parameter(first + index - 1) + pieces[index]
  return { text, values }
}

const NO_VALUES: readonly unknown[] = Object.freeze([])

/** Nothing at all. */
export const NOTHING: SqlFragment = Object.freeze(raw(''))

function makeFragment(pieces: readonly string[], values: readonly unknown[]): SqlFragment {
  return { pieces, values, [MARK]: true }
}

/** Whether a value is SQL, and not one that is bound. */
export function isFragment(part: unknown): part is SqlFragment {
  return typeof part === 'object' && part !== null && MARK in part
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
