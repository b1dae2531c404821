import { render, type SqlFragment } from '../sql/fragment.js'
import type { Queryable, QueryResult } from './database.js'

/** Stands in a fragment for a value that each run brings. */
class Parameter {
  constructor(readonly index: number) {}
}

/** The mark in a fragment for one of the values of a run, by its position. */
export const PARAMETERS: readonly unknown[] = Object.freeze([new Parameter(0), new Parameter(1)])

/** A statement whose text is made once, for statements of every request. */
export class CompiledStatement {
  readonly #fragment: SqlFragment
  #text: string | undefined
  #values: readonly unknown[] = []

  constructor(fragment: SqlFragment) {
    this.#fragment = fragment
  }

  /** Runs it on a connection; all connections that it runs on speak one dialect. */
  run(connection: Queryable, given: readonly unknown[]): Promise<QueryResult> {
    if (this.#text === undefined) {
      const { dialect } = connection
      const { text, values } = render(this.#fragment, dialect?.parameter, 1, dialect?.identifier)
      this.#text = text
      this.#values = values
    }
    const values = this.#values.map((value) => (value instanceof Parameter ? given[value.index] : value))
    return connection.query(this.#text, values)
  }
}
