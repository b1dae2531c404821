import type { Command, Option } from './shared/command.js'

/** The width of a help page, in characters. */
const WIDTH = 96

/** The help page of one command. */
export function helpOf(command: Command): string {
  const { name, arguments: wanted, description, options, examples, exits } = command
  const parts = [
    `Usage: express-scim ${[name, ...wanted, '[options]'].join(' ')}`,
    ...description.map((paragraph) => wrap(paragraph, 0)),
    section(
      'Options',
      Object.entries({ ...options, help: HELP }).map(([option, told]) => [flag(option, told), told.help]),
    ),
    section('Exit codes', exits),
    ['Examples:', ...examples.flatMap(([line, words]) => [`  # ${words}`, `  ${line}`, ''])].join('\n').trimEnd(),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** The help page that lists all commands. */
export function overviewOf(commands: readonly Command[]): string {
  const rows = commands.map(({ name, arguments: wanted, summary }) => [[name, ...wanted].join(' '), summary] as const)
  return `Usage: express-scim COMMAND [options]

SCIM 2.0 from the command line: check any service provider, simulate any identity provider.

${section('Commands', rows)}

express-scim COMMAND --help describes one command; express-scim --version prints the version.
`
}

export const HELP: Option = { type: 'boolean', short: 'h', help: 'Show this page.' }

function flag(name: string, { short, type, value = 'TEXT' }: Option): string {
  return `${short === undefined ? '   ' : `-${short},`} --${name}${type === 'string' ? ` ${value}` : ''}`
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return ''
  const width = Math.max(...rows.map(([left]) => left.length)) + 4
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width - 2)}${wrap(right, width).trimStart()}`)
  return [`${title}:`, ...lines].join('\n')
}

/** Breaks a text into lines, each indented by this many blanks. */
function wrap(text: string, indent: number): string {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && indent + last.length + word.length + 1 > WIDTH) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.map((line) => ' '.repeat(indent) + line).join('\n')
}
