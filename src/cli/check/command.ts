import { isObject } from '../../is-object.js'
import { type Command, textOf, type Values } from '../shared/command.js'
import { chosen, clientOptions, connectionOptions, mustAnswer } from '../shared/connection.js'
import { type Io, UsageError } from '../shared/io.js'
import { paintFor } from '../shared/paint.js'
import type { Capabilities } from './bench/capabilities.js'
import type { Json } from './bench/expect.js'
import { jsonOf, junitOf } from './formats.js'
import { entraGallery } from './providers/entra.js'
import type { Provider } from './providers/provider.js'
import { recordings } from './providers/recorded.js'
import { hasFailed } from './report.js'
import { areas } from './rules/index.js'
import { CannotCheck, runCheck } from './run.js'
import { wordsOf } from './words.js'

/** About how many resources a whole run creates. A test checks both numbers. */
export const CREATED = { users: 140, groups: 40 } as const

const RULES = 'rfc'

export const checkCommand: Command = {
  name: 'check',
  arguments: ['URL'],
  summary: 'Check any SCIM 2.0 service provider against the RFCs and against identity providers.',
  description: [
    'Reads the discovery endpoints of the server at URL (its base URL, such as https://app.example/scim/v2). Then it checks every requirement of RFC 7643, RFC 7644 and RFC 9865 that a client can check and whose feature the server announces. Then it sends the requests of identity providers. A feature that the server does not offer is skipped.',
    'The check creates users and groups, so it asks before it begins. Their names contain scim-check-…, their addresses end in scim-check.invalid. It changes and deletes only resources that it created in this run, and reads each again before it deletes it. At the end, also after Ctrl-C, it deletes them and lists those that it could not delete.',
  ],
  options: {
    as: {
      type: 'string',
      multiple: true,
      value: 'NAMES',
      help: `Only these: ${RULES}, ${[...new Set(recordings.map(({ id }) => id))].join(', ')}. Default: all.`,
    },
    'read-only': { type: 'boolean', help: 'Create and change nothing; run only the checks that read.' },
    yes: { type: 'boolean', short: 'y', help: 'Do not ask before creating.' },
    strict: { type: 'boolean', help: 'Count each SHOULD as a MUST.' },
    user: {
      type: 'string',
      value: 'FILE',
      help: 'A JSON file with attributes that the application requires in every user.',
    },
    verbose: {
      type: 'boolean',
      short: 'v',
      help: 'Show the requests and answers of each finding, and the skipped rules.',
    },
    json: { type: 'boolean', help: 'Write the report as JSON.' },
    junit: { type: 'string', value: 'FILE', help: 'Also write the report to a file as JUnit XML.' },
    ...connectionOptions,
  },
  exits: [
    ['0', 'Every rule that was checked holds; warnings and notes are allowed.'],
    ['1', 'A rule does not hold.'],
    ['2', 'The server could not be checked, or the check was ended early.'],
  ],
  examples: [
    ['SCIM_TOKEN=… npx express-scim check http://127.0.0.1:3000/scim/v2', 'check a server on this machine'],
    [
      'npx express-scim check https://app.example/scim/v2 --as entra,okta --verbose --token - < token.txt',
      'only Entra and Okta, with requests and answers',
    ],
    ['npx express-scim check https://app.example/scim/v2 --yes --junit scim.xml', 'in CI'],
    ['npx express-scim check https://app.example/scim/v2 --read-only', 'a server with real people'],
  ],
  run: async ({ arguments: [url = ''], values }, io) => {
    const client = await clientOptions(url, values, io)
    const sample = await sampleOf(values, io)
    const parts = chosenParts(values)
    await mustAnswer(url, client)
    const paint = paintFor(io)
    const stop = new AbortController()
    const ended = io.onInterrupt(() => {
      io.err('\nEnding: the created resources are deleted first (Ctrl-C again ends at once) …\n')
      stop.abort()
    })
    try {
      const report = await runCheck({
        url,
        client,
        ...parts,
        readOnly: values['read-only'] === true,
        sample,
        stop: stop.signal,
        confirm: (capabilities, mark) => confirm(capabilities, mark, values, io),
        progress: progressOf(io),
      })
      io.errIsTerminal && io.err('\r\u001b[K')
      io.out(values.json === true ? jsonOf(report) : wordsOf(report, { paint, verbose: values.verbose === true }))
      const file = textOf(values, 'junit')
      if (file !== undefined) await io.writeFile(file, junitOf(report))
      if (report.stopped || report.left.length > 0) return 2
      return hasFailed(report, values.strict === true) ? 1 : 0
    } catch (error) {
      if (!(error instanceof CannotCheck)) throw error
      io.err(`${error.message}\n`)
      return 2
    } finally {
      ended()
    }
  },
}

function chosenParts(values: Values): { areas: typeof areas; providers: readonly Provider[] } {
  const providers = [entraGallery(textOf(values, 'client-id') !== undefined), ...recordings]
  const names = chosen(values, 'as', [RULES, ...providers.map(({ id }) => id)])
  if (names.length === 0) return { areas, providers }
  return { areas: names.includes(RULES) ? areas : [], providers: providers.filter(({ id }) => names.includes(id)) }
}

async function sampleOf(values: Values, io: Io): Promise<Json> {
  const file = textOf(values, 'user')
  if (file === undefined) return {}
  const text = await io.readFile(file).catch(() => {
    throw new UsageError(`--user: ${file} cannot be read.`)
  })
  try {
    const sample: unknown = JSON.parse(text)
    if (isObject(sample)) return sample
  } catch {
    // The error below describes the required content.
  }
  throw new UsageError(`--user: ${file} must hold one JSON object.`)
}

async function confirm(_capabilities: Capabilities, mark: string, values: Values, io: Io): Promise<boolean> {
  io.err(
    `This creates about ${CREATED.users} users and ${CREATED.groups} groups with "${mark}" in their names and addresses at scim-check.invalid,\n` +
      'and deletes them at the end. The reactions of the application (mails, seats, webhooks) will run.\n',
  )
  if (values.yes === true) return true
  const answer = await io.ask('Continue? [y/N] ')
  if (answer === undefined)
    throw new UsageError(
      'Standard input is no terminal, so the command cannot ask: add --yes, or --read-only to create nothing.',
    )
  return /^y(es)?$/i.test(answer.trim())
}

function progressOf(io: Io): (text: string) => void {
  if (!io.errIsTerminal) return () => undefined
  return (text) => io.err(`\r\u001b[K${text.slice(0, 100)}`)
}
