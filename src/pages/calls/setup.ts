import type { Connection } from '../../connections/index.js'
import { type Guide, stepsFor } from '../../guides/index.js'
import type { LogEntry } from '../../journal/index.js'
import type { SetupView } from '../contract/contract.js'
import type { Call, Handlers } from '../request/call.js'
import { invalid } from '../request/failure.js'
import { arrivalsOf } from '../views/arrivals.js'
import { connectionView } from '../views/connection.js'
import { guideOf } from '../views/health.js'
import { keptAttributes } from '../views/kept.js'
import { type Notes, notesOf } from '../views/notes.js'
import { stepViews } from '../views/setup.js'
import { changeOf, connectionOf, methodOf } from './connections.js'
import { guideView } from './session.js'

/** Requests that are looked at. */
const MOST = 1_000
const MOST_UNMATCHED = 20

/** A provider of the application's own, without a guide. */
const OTHER: Guide = {
  id: 'other',
  name: 'Your identity provider',
  supported: true,
  intro: [],
  apps: [],
  methods: [],
  steps: [],
  symptoms: [],
  cadence: '',
  health: { silence: 'normal' },
  rotation: '',
  sources: [],
  unverified: [],
}

/** The set-up of a connection. */
export const setupCalls: Handlers<'getSetup' | 'updateSetup'> = {
  async getSetup(call) {
    return setupOf(call, await connectionOf(call))
  },

  async updateSetup(call) {
    const { settings, body } = call
    const connection = await connectionOf(call)
    const before = notesOf(connection)
    const guide = guideOf(settings, connection.provider) ?? OTHER
    const { app = before.app, method = before.method } = body
    const own = methodOf(settings, body.method)
    try {
      const ids = stepsFor(guide, { app, ...(isMethodOf(guide, method) && { method }) }).map(({ id }) => id)
      const unknown = [...(body.step === undefined ? [] : [body.step]), ...(body.ticked ?? [])].some(
        (id) => !ids.includes(id) && !guide.steps.some((step) => step.id === id),
      )
      if (unknown) throw new TypeError('A step is unknown.')
    } catch {
      throw invalid('The guide has no such kind of application, method or step.')
    }
    const isMoved = body.step !== undefined && body.step !== before.step
    const setup = {
      ...body,
      ...(isMoved && { stepAt: new Date(settings.now()).toISOString() }),
    }
    const changed = await settings.connections.update({
      ...changeOf(call),
      setup,
      ...(own !== undefined && own !== connection.method && { method: own }),
    })
    return setupOf(call, changed)
  },
}

function isMethodOf({ methods }: Guide, id: string | undefined): id is Guide['methods'][number]['id'] {
  return methods.some((method) => method.id === id)
}

async function setupOf(call: Call<'getSetup' | 'updateSetup'>, connection: Connection): Promise<SetupView> {
  const { settings, visitor, tenant } = call
  const guide = guideOf(settings, connection.provider) ?? OTHER
  // A request that has just come to this process ticks its step at once.
  await settings.log.flush()
  const [{ entries: latest }, kept, already] = await Promise.all([
    settings.log.page({ tenant, connection: connection.id, count: MOST }),
    keptAttributes(settings, { tenant, actor: visitor.actor }),
    alreadyThere(call),
  ])
  const entries = latest.filter(({ via }) => via === 'client').reverse()
  const notes = notesOf(connection)
  const attributes = kept.find(({ type }) => type === 'User')?.paths ?? []
  const steps = stepViews({
    settings,
    guide,
    connection,
    notes,
    entries: arrivalsOf(entries, connection),
    attributes,
  })
  await rememberSeen(call, connection, notes, steps)
  return {
    connection: await connectionView(settings, connection),
    guide: guideView(settings, guide, connection.url),
    app: notes.app,
    method: notes.method ?? (connection.method === 'token' ? undefined : connection.method),
    step: notes.step,
    steps,
    finished: notes.finished ?? false,
    testPeople: connection.testing?.people ?? [],
    arrived: arrivedOf(entries),
    already,
    after: latest[0]?.key,
  }
}

/** The log forgets its entries after some weeks; which step was seen when is not forgotten. */
async function rememberSeen(
  { settings, tenant }: Call<'getSetup' | 'updateSetup'>,
  { id, state }: Connection,
  { seen = {} }: Notes,
  steps: SetupView['steps'],
): Promise<void> {
  const now = steps.flatMap(({ id: step, at, entry }) =>
    at === undefined || entry === undefined || Object.hasOwn(seen, step) ? [] : [[step, { at, entry }] as const],
  )
  if (now.length === 0 || state === 'closed') return
  await settings.connections.update({
    tenant,
    id,
    by: 'pages',
    setup: { seen: { ...seen, ...Object.fromEntries(now) } },
  })
}

function arrivedOf(entries: readonly LogEntry[]): SetupView['arrived'] {
  const created = (type: string): number =>
    entries.filter(({ action, resourceType, status }) => action === 'create' && resourceType === type && status < 300)
      .length
  return {
    last: entries.at(-1)?.last.toISOString(),
    requests: entries.reduce((sum, { times }) => sum + times, 0),
    people: created('User'),
    groups: created('Group'),
  }
}

async function alreadyThere({
  settings,
  tenant,
  visitor,
}: Call<'getSetup' | 'updateSetup'>): Promise<SetupView['already']> {
  const { people } = settings
  if (people === undefined) return undefined
  const mayKnow = visitor.audience === 'customer' && visitor.can.includes('people')
  const [count, unmatched] = await Promise.all([people.count(tenant), mayKnow ? people.unmatched?.(tenant) : undefined])
  return { count, unmatched: (unmatched ?? []).slice(0, MOST_UNMATCHED) }
}
