import { hasProperties } from '../../is-object.js'

// The properties in which drivers put the values of a row into an error.
const VALUES = ['detail', 'where', 'internalQuery', 'parameters', 'params', 'values', 'sql', 'sqlMessage'] as const
const DEPTH = 5

/**
 * An error as it may be logged: without the values of rows that a database puts into it, such as "Failing row contains
 * (…)", which holds names and hashes of passwords. The same object if there is no such part, else a copy.
 */
export function redacted(error: unknown, depth = DEPTH): unknown {
  if (!hasProperties(error) || depth === 0) return error
  const fields = error
  const changes: Record<string, unknown> = {}
  if (isOfDatabase(fields)) {
    for (const name of VALUES) {
      if (fields[name] !== undefined && fields[name] !== null) changes[name] = withoutValues(fields[name])
    }
    const { message, stack } = fields
    const shown = typeof message === 'string' ? withoutQuoted(message) : message
    if (shown !== message) {
      changes.message = shown
      changes.stack = String(stack).replace(String(message), () => String(shown))
    }
  }
  const cause = redacted(fields.cause, depth - 1)
  if (cause !== fields.cause) changes.cause = cause
  return Object.keys(changes).length === 0 ? error : copyWith(error, changes)
}

/** An SQLSTATE with a severity (PostgreSQL), or a statement with its state (MySQL). */
function isOfDatabase({ code, severity, sqlState, sql }: Readonly<Record<string, unknown>>): boolean {
  const isPostgres = typeof code === 'string' && code.length === 5 && typeof severity === 'string'
  return isPostgres || typeof sqlState === 'string' || typeof sql === 'string'
}

/** `Key (user_name)=(…) already exists.` names the columns without their values. */
function withoutValues(value: unknown): string {
  const text = typeof value === 'string' ? value : ''
  for (const mark of ['=(', 'contains (']) {
    const at = text.indexOf(mark)
    if (at >= 0) return `${text.slice(0, at + mark.length)}…)`
  }
  return '…'
}

/** `invalid input syntax for type uuid: "…"` quotes the value at its end. */
function withoutQuoted(message: string): string {
  const at = message.indexOf(': "')
  return at < 0 ? message : `${message.slice(0, at)}: "…"`
}

function copyWith(error: object, changes: Readonly<Record<string, unknown>>): object {
  const copy: object = Object.create(Object.getPrototypeOf(error), Object.getOwnPropertyDescriptors(error))
  for (const [name, value] of Object.entries(changes)) {
    Object.defineProperty(copy, name, { value, enumerable: false, configurable: true, writable: true })
  }
  return copy
}
