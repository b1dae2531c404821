import type { Io } from './io.js'

/** One option of a command. */
export interface Option {
  readonly type: 'boolean' | 'string'
  /** One letter. */
  readonly short?: string
  /** May be given several times. */
  readonly multiple?: boolean
  /** What stands for the value in the help: `FILE`. */
  readonly value?: string
  readonly help: string
}

/** What the options of one call are. */
export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** One command, and its page of help. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** The arguments: `URL`. */
  readonly arguments: readonly string[]
  readonly description: readonly string[]
  readonly options: Readonly<Record<string, Option>>
  readonly examples: readonly (readonly [command: string, words: string])[]
  readonly exits: readonly (readonly [code: string, words: string])[]
  readonly run: (given: { readonly arguments: readonly string[]; readonly values: Values }, io: Io) => Promise<number>
}

/** The text of an option, or undefined. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** The texts of an option that may be given several times, or with commas. */
export function listOf(values: Values, name: string): readonly string[] {
  const value = values[name]
  return [value ?? []]
    .flat()
    .flatMap((one) => String(one).split(','))
    .filter((one) => one !== '')
}
