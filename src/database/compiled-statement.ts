import { render, type SqlFragment } from '../sql/fragment.js'
import type { Queryable, QueryResult } from './database.js'

/** Stands in a fragment for a value that each run brings. */
class Parameter {
  constructor(readonly name: string) {}
}

/** The mark in a fragment for a value of each run, by its name. */
export function parameter(name: string): unknown {
  return new Parameter(name)
}

/** A statement whose text is made once, for statements of every request. */
class CompiledStatement {
  readonly #fragment: SqlFragment
  #text: string | undefined
  #values: readonly unknown[] = []

  constructor(fragment: SqlFragment) {
    this.#fragment = fragment
  }

  /** Runs it on a connection; all connections that it runs on speak one dialect. */
  run(connection: Queryable, given: Readonly<Record<string, unknown>>): Promise<QueryResult> {
    if (this.#text === undefined) {
      const { dialect } = connection
      const { text, values } = render(this.#fragment, dialect?.parameter, 1, dialect?.identifier)
      this.#text = text
      this.#values = values
    }
    const values = this.#values.map((value) => (value instanceof Parameter ? given[value.name] : value))
    return connection.query(this.#text, values)
  }
}

/** Statements that are compiled once for each owner, which speaks one dialect, and key. */
export class CompiledStatements<Owner extends object> {
  readonly #known = new WeakMap<Owner, Map<string, CompiledStatement>>()

  /**
   * The statement with a key.
   *
   * @param key Everything that its text depends on beside the owner: no value of a request, since it is kept.
   */
  of(owner: Owner, key: string, write: () => SqlFragment): CompiledStatement {
    const known = this.#known.get(owner) ?? new Map<string, CompiledStatement>()
    this.#known.set(owner, known)
    let statement = known.get(key)
    if (!statement) {
      statement = new CompiledStatement(write())
      known.set(key, statement)
    }
    return statement
  }
}
