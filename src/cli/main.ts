import { parseArgs } from 'node:util'
import { ScimClientError } from '../client/index.js'
import { propertiesOf } from '../is-object.js'
import { nearest } from '../suggest.js'
import { commands } from './commands.js'
import { HELP, helpOf, overviewOf } from './help.js'
import type { Command, Values } from './shared/command.js'
import { type Io, UsageError } from './shared/io.js'
import { version } from './version.js'

/** Runs the command and resolves with its exit code: 0 success, 1 it found something, 2 it could not run. */
export async function main(given: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = given
  try {
    if (name === undefined || name === '--help' || name === '-h') return say(io, overviewOf(commands))
    if (name === 'help') return say(io, rest[0] === undefined ? overviewOf(commands) : helpOf(commandOf(rest[0])))
    if (name === '--version' || name === '-v') return say(io, `${version}\n`)
    const command = commandOf(name)
    const { values, positionals } = parsed(command, rest)
    if (values.help === true) return say(io, helpOf(command))
    const wanted = command.arguments.length
    if (positionals.length !== wanted) {
      const words = wanted === 0 ? 'no argument' : command.arguments.join(' ')
      throw new UsageError(`express-scim ${name} needs ${words}; express-scim ${name} --help shows examples.`)
    }
    return await command.run({ arguments: positionals, values }, io)
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof ScimClientError && error.code === 'setup')) throw error
    io.err(`${error.message}\n`)
    return 2
  }
}

function say(io: Io, text: string): number {
  io.out(text)
  return 0
}

function commandOf(name: string): Command {
  const found = commands.find((command) => command.name === name)
  if (found !== undefined) return found
  const near = nearest(
    name,
    commands.map((command) => command.name),
    2,
  )
  throw new UsageError(
    `There is no command "${name}"${near === undefined ? '.' : `; did you mean ${near}?`} express-scim --help lists them.`,
  )
}

function parsed(command: Command, given: readonly string[]): { values: Values; positionals: readonly string[] } {
  const options = { ...command.options, help: HELP }
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple = false }]) => [
      name,
      { type, multiple, ...(short && { short }) },
    ]),
  )
  try {
    return parseArgs({ args: [...given], options: config, allowPositionals: true, strict: true }) as {
      values: Values
      positionals: string[]
    }
  } catch (error) {
    throw new UsageError(wrongOption(String(propertiesOf(error).message), Object.keys(options), command.name))
  }
}

function wrongOption(message: string, known: readonly string[], command: string): string {
  const unknown = /Unknown option '(-[^']+)'/.exec(message)?.[1]
  if (unknown === undefined) return message.replace(/\. To specify.*$/s, '.')
  // A single letter is equally near to all words, so there is no suggestion for it.
  const near = unknown.startsWith('--') ? nearest(unknown.slice(2), known, 2) : undefined
  const words = near === undefined ? `express-scim ${command} --help lists the options.` : `Did you mean --${near}?`
  return `There is no option ${unknown}. ${words}`
}
