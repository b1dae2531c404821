import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Checks, checkGiven, FUNCTION, objectOf, recordOf, TEXT } from '../../check-options.js'
import type { Check } from '../kit/check.js'
import { RESOURCE_TYPE } from '../kit/option-table.js'
import { httpClient } from './http-client.js'
import { narrowSequence, type ServedType } from './narrow-sequence.js'
import { playSequence } from './play.js'
import type { Sequence } from './sequence.js'
import { renameUsers } from './user-names.js'

/** The service to which recorded sequences are sent. */
export type ReplayTarget =
  | {
      /** The base URL of a running service provider: `https://app.example/scim/v2`. */
      readonly url: string
      /** Bearer token. */
      readonly token?: string
    }
  | {
      /**
       * An Express app or another listener of `http.createServer`. It is served on a free port while a sequence runs.
       */
      readonly app: (request: IncomingMessage, response: ServerResponse) => void
      /** The path where the router is mounted. Default `/scim/v2`. */
      readonly path?: string
      /** Bearer token. */
      readonly token?: string
    }

/** The options of {@link replay}. */
export interface ReplayOptions {
  /**
   * The resource types and attributes of the service, as for {@link adapterChecks}: `{ User: { schema: pick(User,
   * ['userName', 'active']) } }`. Other attributes are left out of requests and expectations, and steps that concern
   * only them do not run. Default: User, EnterpriseUser and Group of RFC 7643 with all attributes.
   */
  readonly resourceTypes?: Readonly<Record<string, ServedType>>
  /**
   * The form of user names, if the application has rules for them: `{name}@corp.example`. `{name}` stands for the
   * recorded name up to its `@`.
   *
   * @defaultValue the recorded names
   */
  readonly userName?: string
}

const OPTIONS: Checks<keyof ReplayOptions> = {
  // The types that adapterChecks takes, or the entries of scimRouter.
  resourceTypes: recordOf(objectOf(RESOURCE_TYPE satisfies Checks<keyof ServedType>)),
  userName: TEXT,
}

/** The keys of a service that runs, and of one that does not. */
const TARGET: Checks = { url: TEXT, token: TEXT, app: FUNCTION, path: TEXT }

/**
 * Makes one check for each recorded sequence. It sends the requests of an identity provider in order, and compares the
 * answers with the answers that the identity provider needs. It deletes the resources that it creates.
 *
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { entra, okta, replay } from 'express-scim/conformance'
 *
 * const url = 'http://127.0.0.1:3000/scim/v2'
 * for (const check of replay([...entra, ...okta], { url, token: 'secret' })) test(check.name, check.run)
 * ```
 */
export function replay(
  sequences: readonly Sequence[],
  target: ReplayTarget,
  options: ReplayOptions = {},
): readonly Check[] {
  const of = { owner: 'replay', code: 'ERR_SCIM_OPTION', section: 'conformance-kit.md' } as const
  checkGiven(target, TARGET, of)
  checkGiven(options, OPTIONS, of)
  const { resourceTypes = {}, userName } = options
  const narrowed = sequences.map((sequence) => renameUsers(narrowSequence(sequence, resourceTypes), userName))
  return narrowed.map((sequence) => ({
    name: `${sequence.id}: ${sequence.title}`,
    run: () => serving(target, (base) => play(sequence, base, target.token)),
  }))
}

async function play(sequence: Sequence, base: string, token: string | undefined): Promise<void> {
  const failures = await playSequence(sequence, httpClient(base, token))
  if (failures.length > 0) throw new Error(`Sequence ${sequence.id} fails:\n${failures.join('\n')}`)
}

async function serving(target: ReplayTarget, work: (base: string) => Promise<void>): Promise<void> {
  if ('url' in target) return work(/^.*[^/]/.exec(target.url)?.[0] ?? '')
  const server = createServer(target.app)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  try {
    const { port } = server.address() as AddressInfo
    await work(`http://127.0.0.1:${port}${target.path ?? '/scim/v2'}`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}
