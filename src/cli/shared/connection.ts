import { type Authorization, ScimClient, ScimClientError, type ScimClientOptions } from '../../client/index.js'
import { parseUrl } from '../../parse-url.js'
import { listOf, type Option, textOf, type Values } from './command.js'
import { type Io, UsageError } from './io.js'

/** The options with which commands reach a server. */
export const connectionOptions: Readonly<Record<string, Option>> = {
  token: {
    type: 'string',
    value: '-',
    help: 'Read the token from standard input. Default: the token in $SCIM_TOKEN; if that is not set, no token is sent.',
  },
  'token-file': { type: 'string', value: 'FILE', help: 'Read the token from a file.' },
  bare: { type: 'boolean', help: 'Send the token alone, without "Bearer" before it.' },
  'client-id': {
    type: 'string',
    value: 'ID',
    help: 'Get tokens by OAuth 2.0 client credentials; the secret is $SCIM_CLIENT_SECRET.',
  },
  'token-url': { type: 'string', value: 'URL', help: 'The token endpoint for --client-id.' },
  scope: { type: 'string', value: 'SCOPE', help: 'The scope for --client-id.' },
  header: {
    type: 'string',
    short: 'H',
    multiple: true,
    value: '"NAME: VALUE"',
    help: 'Send a header with every request. $NAME in the value is read from the environment.',
  },
  insecure: {
    type: 'string',
    value: 'HOST',
    help: 'Allow plain http to this host. Everybody between you and the host can read the token.',
  },
  timeout: { type: 'string', value: 'SECONDS', help: 'The longest time for one request. Default 30.' },
}

/**
 * Makes the options of a client. Secrets come from the environment, a file or standard input: other users of the
 * machine can see a command line.
 */
export async function clientOptions(url: string, values: Values, io: Io): Promise<ScimClientOptions> {
  const authorization = await authorizationOf(values, io)
  const seconds = textOf(values, 'timeout')
  if (seconds !== undefined && !(Number(seconds) > 0)) throw new UsageError('--timeout must be a number of seconds.')
  return {
    ...(authorization && { authorization }),
    headers: headersOf(listOfHeaders(values), io),
    insecure: allowsHttp(url, textOf(values, 'insecure')),
    ...(seconds !== undefined && { timeout: Number(seconds) * 1000 }),
  }
}

/**
 * Checks that a server answers at the URL. A client repeats a request for a while if no server answers. That is right
 * during the work, but a long wait before it.
 *
 * @throws a {@link UsageError} if there is no answer.
 */
export async function mustAnswer(url: string, options: ScimClientOptions): Promise<void> {
  await new ScimClient(url, { ...options, retry: false })
    .send('GET', '/ServiceProviderConfig')
    .catch((error: unknown) => {
      if (error instanceof ScimClientError) throw new UsageError(`${error.message} Is the base URL right?`)
      throw error
    })
}

async function authorizationOf(values: Values, io: Io): Promise<Authorization | undefined> {
  const clientId = textOf(values, 'client-id')
  if (clientId !== undefined) {
    const tokenUrl = textOf(values, 'token-url')
    const clientSecret = io.env.SCIM_CLIENT_SECRET
    if (tokenUrl === undefined) throw new UsageError('--client-id needs --token-url.')
    if (!clientSecret) throw new UsageError('--client-id needs the secret in $SCIM_CLIENT_SECRET.')
    const scope = textOf(values, 'scope')
    return { oauth: { tokenUrl, clientId, clientSecret, ...(scope && { scope }) } }
  }
  const token = await tokenOf(values, io)
  if (token === undefined) return undefined
  return values.bare === true ? { bare: token } : { bearer: token }
}

async function tokenOf(values: Values, io: Io): Promise<string | undefined> {
  const given = textOf(values, 'token')
  const file = textOf(values, 'token-file')
  if (given !== undefined && given !== '-') {
    throw new UsageError(
      'A token must not be on the command line, where other users can read it: set $SCIM_TOKEN, or use --token - and standard input.',
    )
  }
  const read = given === '-' ? await io.readInput() : file === undefined ? io.env.SCIM_TOKEN : await io.readFile(file)
  const token = read?.trim()
  if (token === '' || (token === undefined && (given !== undefined || file !== undefined)))
    throw new UsageError('The token must not be empty.')
  if (token !== undefined && /[^\x21-\x7e]/.test(token)) throw new UsageError('The token must be one word.')
  return token
}

function listOfHeaders(values: Values): readonly string[] {
  return [values.header ?? []].flat().map(String)
}

function headersOf(lines: readonly string[], io: Io): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):(.*)$/.exec(line) ?? []
      if (name === undefined || value === undefined)
        throw new UsageError(`A header must be written as "Name: value", not "${line}".`)
      return [name, value.trimStart().replace(/\$(\w+)/g, (_whole, variable: string) => io.env[variable] ?? '')]
    }),
  )
}

function allowsHttp(url: string, host: string | undefined): boolean {
  if (host === undefined) return false
  if (parseUrl(url)?.hostname !== host) throw new UsageError('--insecure must name the host of the URL.')
  return true
}

/** The values of an option such as `--as`; each must be one of the known names. */
export function chosen<Name extends string>(values: Values, option: string, known: readonly Name[]): readonly Name[] {
  return listOf(values, option).map((name) => {
    const found = known.find((one) => one === name)
    if (found !== undefined) return found
    throw new UsageError(`--${option} must be one of ${[...new Set(known)].join(', ')}, not "${name}".`)
  })
}
