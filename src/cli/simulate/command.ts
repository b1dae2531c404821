import { nearest } from '../../suggest.js'
import { type Command, textOf, type Values } from '../shared/command.js'
import { chosen, clientOptions, connectionOptions, mustAnswer } from '../shared/connection.js'
import { type Io, UsageError } from '../shared/io.js'
import { harmless, paintFor } from '../shared/paint.js'
import { profiles } from './profile.js'
import { markOf, type Outcome, simulate } from './run.js'
import { FAULT_NAMES, FAULTS } from './wire.js'

/** The most lines of each kind that are shown. */
const SHOWN = 20

export const simulateCommand: Command = {
  name: 'simulate',
  arguments: ['PROVIDER', 'URL'],
  summary: 'Simulate the identity provider of a company for some days, then compare the server with the company.',
  description: [
    `Sends the requests that PROVIDER would send for a company: people join, leave, come back after weeks, change their names and their departments; groups are made, renamed, filled and closed; from time to time everything is synchronised again. At the end the command compares every person, group and membership at the server with the company.`,
    `PROVIDER is one of ${profiles.map(({ id }) => id).join(', ')}.`,
    'The same seed makes the same company. The command creates users, so it asks before it begins. Their addresses end in .invalid. At the end it deletes all resources that it created, unless you give --keep.',
  ],
  options: {
    people: { type: 'string', value: 'NUMBER', help: 'The number of people on the first day. Default 200.' },
    days: { type: 'string', value: 'NUMBER', help: 'The number of days to simulate. Default 90.' },
    seed: {
      type: 'string',
      value: 'NUMBER',
      help: 'The seed of the random numbers: another seed makes another company. Default 1.',
    },
    concurrency: {
      type: 'string',
      value: 'NUMBER',
      help: 'The number of requests at the same time. Default 8.',
    },
    synchronise: { type: 'string', value: 'DAYS', help: 'Days between full synchronisations. Default 60.' },
    fault: {
      type: 'string',
      multiple: true,
      value: 'NAMES',
      help: Object.entries(FAULTS)
        .map(([name, words]) => `${name}: ${words}`)
        .join(' '),
    },
    keep: { type: 'boolean', help: 'Leave all resources at the server.' },
    yes: { type: 'boolean', short: 'y', help: 'Do not ask before creating.' },
    json: { type: 'boolean', help: 'Write the outcome as JSON.' },
    ...connectionOptions,
  },
  exits: [
    ['0', 'The server has exactly the people, groups and members of the company.'],
    ['1', 'The server differs from the company, or refused a request.'],
    ['2', 'The simulation could not run, or was ended early.'],
  ],
  examples: [
    ['SCIM_TOKEN=… npx express-scim simulate entra http://127.0.0.1:3000/scim/v2', 'a small company for three months'],
    ['npx express-scim simulate okta-custom URL --people 5000 --days 365 --yes', 'a large one for a year'],
    ['npx express-scim simulate entra URL --fault lost,duplicate --seed 7', 'with a bad connection'],
  ],
  run: async ({ arguments: [id = '', url = ''], values }, io) => {
    const profile = profiles.find((one) => one.id === id)
    if (profile === undefined) {
      const ids = profiles.map((one) => one.id)
      const near = nearest(id, ids, 2)
      throw new UsageError(
        `There is no provider "${id}"${near === undefined ? '.' : `; did you mean ${near}?`} Known providers: ${ids.join(', ')}.`,
      )
    }
    const numbers = {
      people: numberOf(values, 'people', 200),
      days: numberOf(values, 'days', 90),
      seed: numberOf(values, 'seed', 1),
      concurrency: numberOf(values, 'concurrency', 8),
      synchronise: numberOf(values, 'synchronise', 60),
    }
    const faults = new Set(chosen(values, 'fault', FAULT_NAMES))
    const client = await clientOptions(url, values, io)
    await mustAnswer(url, client)
    if (!(await agreed(numbers, values, io))) return 2
    const stop = new AbortController()
    const ended = io.onInterrupt(() => {
      io.err('\nEnding: the created resources are deleted first (Ctrl-C again ends at once) …\n')
      stop.abort()
    })
    let told = 0
    const progress = (text: string): void => {
      if (!io.errIsTerminal || Date.now() - told < 100) return
      told = Date.now()
      io.err(`\r\u001b[K${text}`)
    }
    try {
      const outcome = await simulate({
        url,
        client,
        profile,
        ...numbers,
        faults,
        keep: values.keep === true,
        stop: stop.signal,
        progress,
      })
      if (io.errIsTerminal) io.err('\r\u001b[K')
      io.out(values.json === true ? jsonOf(outcome) : wordsOf(outcome, profile.name, io))
      if (outcome.stopped || outcome.left > 0) return 2
      return outcome.differences.length > 0 || outcome.refused.length > 0 ? 1 : 0
    } finally {
      ended()
    }
  },
}

function numberOf(values: Values, name: string, otherwise: number): number {
  const text = textOf(values, name)
  if (text === undefined) return otherwise
  if (!/^\d{1,6}$/.test(text) || (name !== 'days' && name !== 'seed' && Number(text) === 0))
    throw new UsageError(`--${name} must be a whole number.`)
  return Number(text)
}

async function agreed({ people, seed }: { people: number; seed: number }, values: Values, io: Io): Promise<boolean> {
  io.err(
    `This creates about ${people} users and their groups with "${markOf(seed)}" in their names, and ${values.keep === true ? 'leaves them there' : 'deletes them at the end'}.\n` +
      'The reactions of the application (mails, seats, webhooks) will run.\n',
  )
  if (values.yes === true) return true
  const answer = await io.ask('Continue? [y/N] ')
  if (answer === undefined) throw new UsageError('Standard input is no terminal, so the command cannot ask: add --yes.')
  return /^y(es)?$/i.test(answer.trim())
}

function jsonOf({ statuses, ...outcome }: Outcome): string {
  return `${JSON.stringify({ ...outcome, statuses: Object.fromEntries(statuses) }, undefined, 2)}\n`
}

function wordsOf(outcome: Outcome, name: string, io: Io): string {
  const paint = paintFor(io)
  const statuses = [...outcome.statuses]
    .sort(([one], [other]) => one - other)
    .map(([status, count]) => `${count} × ${status || 'no answer'}`)
  const list = (title: string, lines: readonly string[]): string[] => {
    if (lines.length === 0) return []
    const more = lines.length > SHOWN ? [`  … and ${lines.length - SHOWN} more`] : []
    return [
      paint('red', `${lines.length} ${title}`),
      ...lines.slice(0, SHOWN).map((line) => `  ${harmless(line)}`),
      ...more,
    ]
  }
  const same = !outcome.stopped && outcome.differences.length + outcome.refused.length === 0
  return `${[
    `${paint('bold', name)}: ${outcome.days} days, ${outcome.people} users and ${outcome.groups} groups at the end`,
    `${outcome.requests} requests in ${outcome.seconds.toFixed(1)} s, ${Math.round(outcome.requests / outcome.seconds)} a second; ${outcome.waits} sent again because the server asked for it`,
    `Answers: ${statuses.join(', ')}`,
    ...list('requests were refused:', outcome.refused),
    ...list('differences:', outcome.differences),
    ...(outcome.stopped ? [paint('yellow', 'The simulation was ended early, so nothing was compared.')] : []),
    same ? paint('green', 'The server has exactly the people, groups and members of the company.') : '',
    outcome.left > 0 ? paint('red', `${outcome.left} resources could not be deleted.`) : '',
  ]
    .filter((line) => line !== '')
    .join('\n')}\n`
}
