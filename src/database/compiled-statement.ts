import { quoted, type SqlFragment } from '../sql/fragment.js'
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
  readonly #values: unknown[] = []

  constructor(fragment: SqlFragment) {
    this.#fragment = fragment
  }

  /** Runs it on a connection; all connections that it runs on speak one dialect. */
  run(connection: Queryable, given: Readonly<Record<string, unknown>>): Promise<QueryResult> {
    if (this.#text === undefined) {
      const { dialect } = connection
      const { pieces, values } = quoted(this.#fragment, dialect?.identifier)
      const { parameter: write = numbered } = dialect ?? {}
      // A value that stands in the text several times is sent once, if parameters have numbers.
      const positions = write(1) === write(2) ? undefined : new Map<string, number>()
      let text = pieces[0] ?? ''
      for (const [index, value] of values.entries()) {
        text += write(this.#positionOf(value, positions)) + (pieces[index + 1] ?? '')
      }
      this.#text = text
    }
    const values = this.#values.map((value) => (value instanceof Parameter ? given[value.name] : value))
    return connection.query(this.#text, values)
  }

  #positionOf(value: unknown, positions: Map<string, number> | undefined): number {
    const known = value instanceof Parameter ? positions?.get(value.name) : undefined
    if (known !== undefined) return known
    const position = this.#values.push(value)
    if (value instanceof Parameter) positions?.set(value.name, position)
    return position
  }
}

const numbered = (position: number): string => `$${position}`

/** Statements that are compiled once for each owner, which speaks one dialect, and key. */
export class CompiledStatements<Owner extends object> {
  readonly #known = new WeakMap<Owner, Map<string, CompiledStatement>>()

  /**
   * The statement with a key.
   *
   * @param key All inputs of the text beside the owner. It must hold no value of a request, because it is kept.
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
