import { randomBytes } from 'node:crypto'
import { type Answer, type Exchange, ScimClient, ScimClientError, type ScimClientOptions } from '../../client/index.js'
import { Bench } from './bench/bench.js'
import { type Capabilities, readCapabilities } from './bench/capabilities.js'
import type { Json } from './bench/expect.js'
import { guardedSend } from './bench/guard.js'
import { withoutForeign } from './bench/hide-foreign.js'
import { Ledger, type Send } from './bench/ledger.js'
import { NotSeen, statusOfViolation, Violation } from './bench/outcome.js'
import { Recorder } from './bench/recorder.js'
import type { Area } from './bench/rule.js'
import type { Provider } from './providers/provider.js'
import type { Report, Result } from './report.js'

/** The subject and the options of a run. */
export interface Plan {
  readonly url: string
  readonly client: ScimClientOptions
  readonly areas: readonly Area[]
  readonly providers: readonly Provider[]
  readonly readOnly: boolean
  /** Attributes that are added to every user that the check creates. */
  readonly sample: Json
  /** Ends the run early. The resources that it created are deleted all the same. */
  readonly stop: AbortSignal
  /** Called before the first write. If it resolves with false, the run ends. */
  readonly confirm: (capabilities: Capabilities, mark: string) => Promise<boolean>
  readonly progress: (text: string) => void
}

/** Thrown if a server cannot be checked at all. */
export class CannotCheck extends Error {
  override readonly name = 'CannotCheck'
}

/** A rule or a test of a provider, in one form. */
interface Item extends Pick<Result, 'area' | 'kind' | 'title' | 'level' | 'requirements' | 'section'> {
  readonly test?: string
  readonly skip: ((capabilities: Capabilities) => string | undefined) | undefined
  readonly run: (bench: Bench) => Promise<void>
}

/** Checks a server. Throws {@link CannotCheck} if the server cannot be checked, or if the user declines. */
export async function runCheck(plan: Plan): Promise<Report> {
  const began = performance.now()
  const mark = `scim-check-${randomBytes(4).toString('hex')}`
  let requests = 0
  const recorder = new Recorder()
  const count = (): void => {
    requests += 1
  }
  // The requests of the ledger and of the cleanup belong to no rule. Ctrl-C does not end them.
  const quiet = clientOf(plan, count)
  const loud = clientOf(plan, (exchange) => {
    count()
    recorder.add(withoutForeign(exchange, mark))
  })
  const ledger = new Ledger(quiet.send.bind(quiet), mark)
  // Ctrl-C does not end a request that is under way: the run must know what it creates to be able to delete it.
  const send: Send = async (method, path, request) => {
    if (plan.stop.aborted) throw new NotSeen('The check was ended early.')
    return loud.send(method, path, request)
  }
  const capabilities = await discover(loud, recorder)
  const says = wordsOf(capabilities)
  if (!plan.readOnly && !(await plan.confirm(capabilities, mark)))
    throw new CannotCheck('The check was declined, so nothing was written.')
  ledger.begin(await quiet.send('GET', '/ServiceProviderConfig'))
  const bench = new Bench(quiet.base, guardedSend(send, ledger, plan.readOnly), capabilities, {
    ledger,
    recorder,
    sample: plan.sample,
    readOnly: plan.readOnly,
  })

  const items = itemsOf(plan)
  const results: Result[] = []
  for (const [index, item] of items.entries()) {
    if (plan.stop.aborted) break
    plan.progress(`${index + 1}/${items.length} ${item.area}: ${item.test ?? item.title}`)
    recorder.begin()
    const result = await look(item, bench)
    if (!plan.stop.aborted) results.push({ ...result, exchanges: result.status === 'passed' ? [] : recorder.exchanges })
  }
  const made = (endpoint: string | undefined): number => (endpoint === undefined ? 0 : ledger.created(endpoint))
  const created = { users: made(capabilities.user?.endpoint), groups: made(capabilities.group?.endpoint) }
  if (!plan.readOnly && capabilities.supports.filter) await ledger.findLost(capabilities)
  const left = await ledger.cleanUp((done, all) => plan.progress(`Deleting ${done}/${all}`))
  return {
    url: quiet.base,
    mark,
    readOnly: plan.readOnly,
    stopped: plan.stop.aborted,
    says,
    results,
    requests,
    milliseconds: Math.round(performance.now() - began),
    created,
    left,
    foreign: ledger.foreign,
  }
}

function clientOf({ url, client }: Plan, onExchange: (exchange: Exchange) => void): ScimClient {
  return new ScimClient(url, { ...client, onExchange })
}

/** Reads the discovery endpoints. Throws unless there is a service provider that accepts the credentials. */
async function discover(client: ScimClient, recorder: Recorder): Promise<Capabilities> {
  const read = async (path: string): Promise<Answer> => {
    const answer = await client.send('GET', path)
    recorder.keep(path)
    return answer
  }
  const answers = await (async () => ({
    config: await read('/ServiceProviderConfig'),
    resourceTypes: await read('/ResourceTypes'),
    schemas: await read('/Schemas'),
  }))().catch((error: Error) => {
    throw new CannotCheck(error.message)
  })
  const { config } = answers
  const capabilities = readCapabilities(answers)
  const endpoint = capabilities.user?.endpoint ?? capabilities.group?.endpoint ?? '/Users'
  const list = await client.send('GET', `${endpoint}?count=1`)
  if (list.status === 401 || list.status === 403) {
    throw new CannotCheck(
      `The server refuses the credentials: GET ${endpoint} is answered with ${list.status}. Set SCIM_TOKEN.`,
    )
  }
  const nothing = list.status !== 200 && config.status !== 200
  if (nothing) {
    throw new CannotCheck(
      `There is no SCIM service provider: /ServiceProviderConfig is answered with ${config.status}, ${endpoint} with ${list.status}. Is the base URL right?`,
    )
  }
  return capabilities
}

function itemsOf({ areas, providers }: Plan): readonly Item[] {
  return [
    ...areas.flatMap(({ name, rules }) =>
      rules.map((rule): Item => ({ area: name, kind: 'rule', ...rule, skip: rule.skip })),
    ),
    ...providers.flatMap(({ name, tests }) =>
      tests.map(
        (test): Item => ({
          area: name,
          kind: 'provider',
          test: test.name,
          title: test.title,
          level: test.level,
          requirements: [],
          section: '',
          skip: test.skip,
          run: test.run,
        }),
      ),
    ),
  ]
}

async function look(item: Item, bench: Bench): Promise<Omit<Result, 'exchanges'>> {
  const { skip, run, ...known } = item
  const began = performance.now()
  const outcome = await judged(item, bench)
  return { ...known, ...outcome, milliseconds: Math.round(performance.now() - began) }
}

async function judged({ skip, run, level }: Item, bench: Bench): Promise<Pick<Result, 'status' | 'message'>> {
  const reason = skip?.(bench.capabilities)
  if (reason !== undefined) return { status: 'skipped', message: reason }
  try {
    await run(bench)
    return { status: 'passed' }
  } catch (error) {
    if (error instanceof NotSeen) return { status: 'skipped', message: error.message }
    if (error instanceof Violation) return { status: statusOfViolation(level), message: error.message }
    if (error instanceof ScimClientError) return { status: statusOfViolation(level), message: error.message }
    throw error
  }
}

/** The discovery answers of the server, in sentences. */
function wordsOf({ supports, maxOperations, user, group, resourceTypes, config }: Capabilities): readonly string[] {
  const offered = Object.entries(supports)
    .filter(([, offers]) => offers)
    .map(([feature]) => (feature === 'bulk' ? `bulk (${maxOperations} operations)` : feature))
  const types =
    resourceTypes.length > 0
      ? resourceTypes.map(({ name }) => String(name))
      : [user?.name, group?.name].filter((name) => name !== undefined)
  return [
    `Resource types: ${types.join(', ')}`,
    Object.keys(config).length === 0
      ? 'The server has no /ServiceProviderConfig.'
      : `The server offers: ${offered.join(', ') || 'no optional feature'}`,
  ]
}
