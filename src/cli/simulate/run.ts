import type { ScimClientOptions } from '../../client/index.js'
import { Company } from './company.js'
import { differencesOf, type Snapshot, snapshotOf } from './compare.js'
import { inParallel } from './parallel.js'
import type { Profile } from './profile.js'
import { Provider } from './provider.js'
import { type Fault, Wire } from './wire.js'

/** What is simulated. */
export interface Simulation {
  readonly url: string
  readonly client: ScimClientOptions
  readonly profile: Profile
  readonly people: number
  readonly days: number
  readonly seed: number
  readonly concurrency: number
  readonly faults: ReadonlySet<Fault>
  /** Days between full synchronisations. */
  readonly synchronise: number
  /** Leaves everything at the server. */
  readonly keep: boolean
  readonly stop: AbortSignal
  readonly progress: (text: string) => void
}

/** How a simulation ended. */
export interface Outcome {
  readonly requests: number
  /** Requests that were sent again because the server asked for it. */
  readonly waits: number
  readonly statuses: ReadonlyMap<number, number>
  readonly seconds: number
  readonly people: number
  readonly groups: number
  readonly refused: readonly string[]
  readonly differences: readonly string[]
  readonly days: number
  /** How many resources could not be deleted. */
  readonly left: number
}

/** The name of the company, in all names of people and groups. */
export function markOf(seed: number): string {
  return `scim-simulate-${seed}`
}

/** Simulates a company for some days, and compares. */
export async function simulate(simulation: Simulation): Promise<Outcome> {
  const { url, client, profile, people, days, seed, concurrency, stop, progress } = simulation
  const mark = markOf(seed)
  const began = performance.now()
  const wire = new Wire(url, client, profile.headers, simulation.faults, seed)
  const company = new Company(seed, people, mark)
  const provider = new Provider(profile, wire, company)
  const tell = (day: number): void => {
    const seconds = (performance.now() - began) / 1000
    const left = day === 0 ? '' : `, ${Math.ceil((seconds / (day + people / 50)) * (days - day))} s left`
    progress(
      `Day ${day} of ${days}: ${company.people.size} people, ${wire.requests} requests, ${Math.round(wire.requests / seconds)} a second${left}`,
    )
  }
  let lived = 0
  for (let number = 0; number <= days && !stop.aborted; number += 1) {
    const day = number === 0 ? company.begin() : company.live(number)
    const unlessStopped =
      <T>(work: (one: T) => Promise<void>) =>
      async (one: T): Promise<void> => {
        if (!stop.aborted) await work(one)
        tell(number)
      }
    await inParallel(
      day.changes,
      concurrency,
      unlessStopped((change) => provider.change(change)),
    )
    await inParallel(
      day.teams,
      concurrency,
      unlessStopped((change) => provider.changeTeam(change)),
    )
    if (number > 0 && number % simulation.synchronise === 0)
      await provider.synchronise(simulation.faults.has('forget'), concurrency)
    lived = number
  }
  const snapshot = await snapshotOf(wire.client, mark)
  const differences = stop.aborted ? [] : differencesOf(snapshot, provider)
  // What cleans up is not part of what the provider sends.
  const { requests, waits } = wire
  const statuses = new Map(wire.statuses)
  const seconds = (performance.now() - began) / 1000
  const left = simulation.keep ? 0 : await remove(snapshot, provider, wire, concurrency)
  return {
    requests,
    waits,
    statuses,
    seconds,
    people: snapshot.users.size,
    groups: snapshot.groups.size,
    refused: wire.refused,
    differences,
    days: lived,
    left,
  }
}

/** Deletes what this run has created and what has its mark; nothing else. Resolves with how many are left. */
async function remove(
  { users, groups }: Snapshot,
  provider: Provider,
  { client }: Wire,
  concurrency: number,
): Promise<number> {
  let left = 0
  const paths = [...[...groups.keys()].map((id) => `/Groups/${id}`), ...[...users.keys()].map((id) => `/Users/${id}`)]
  await inParallel(
    paths.filter((path) => provider.made.has(path)),
    concurrency,
    async (path) => {
      const [, endpoint = '', id = ''] = path.split('/')
      const { status } = await client.send('DELETE', `/${endpoint}/${encodeURIComponent(id)}`)
      if (status !== 204 && status !== 404) left += 1
    },
  )
  return left
}
