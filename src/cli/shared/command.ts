import type { Io } from './io.js'

/** One option of a command. */
export interface Option {
  readonly type: 'boolean' | 'string'
  /** The short form: one letter. */
  readonly short?: string
  /** Whether the option may be given several times. */
  readonly multiple?: boolean
  /** The word for the value in the help, such as `FILE`. */
  readonly value?: string
  readonly help: string
}

/** The values of the options in one call. */
export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** One command, and the content of its help page. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** The names of the arguments, such as `URL`. */
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

/** The texts of an option that may be given several times, or as a list with commas. */
export function listOf(values: Values, name: string): readonly string[] {
  const value = values[name]
  return [value ?? []]
    .flat()
    .flatMap((one) => String(one).split(','))
    .filter((one) => one !== '')
}
