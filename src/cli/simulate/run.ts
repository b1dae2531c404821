import type { ScimClientOptions } from '../../client/index.js'
import { cleanUp } from './clean-up.js'
import { Company } from './company.js'
import { differencesOf, type Snapshot, snapshotOf } from './compare.js'
import { inParallel } from './parallel.js'
import type { Profile } from './profile.js'
import { Provider } from './provider.js'
import { type Fault, Wire } from './wire.js'

/** The input of a simulation. */
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
  /** Leaves all resources at the server. */
  readonly keep: boolean
  readonly stop: AbortSignal
  readonly progress: (text: string) => void
}

/** The outcome of a simulation. */
export interface Outcome {
  readonly requests: number
  /** Requests that were sent again because the server demanded a wait (429, 503). */
  readonly waits: number
  readonly statuses: ReadonlyMap<number, number>
  readonly seconds: number
  readonly people: number
  readonly groups: number
  readonly refused: readonly string[]
  readonly differences: readonly string[]
  readonly days: number
  /** True if the simulation was ended early; then nothing was compared. */
  readonly stopped: boolean
  /** How many resources could not be deleted. */
  readonly left: number
}

/** The name of the company. All names of people and groups contain it. */
export function markOf(seed: number): string {
  return `scim-simulate-${seed}`
}

/** Simulates a company for some days, then compares it with the server. */
export async function simulate(simulation: Simulation): Promise<Outcome> {
  const { url, client, profile, people, days, seed, concurrency, stop, progress } = simulation
  const mark = markOf(seed)
  const began = performance.now()
  const wire = new Wire(url, client, profile.headers, simulation.faults, seed)
  const company = new Company(seed, people, mark)
  const provider = new Provider(profile, wire, company, stop)
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
    const all = <T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> =>
      inParallel(list, concurrency, (one) => work(one).then(() => tell(number)), stop)
    await all(day.changes, (change) => provider.change(change))
    await all(day.teams, (change) => provider.changeTeam(change))
    if (number > 0 && number % simulation.synchronise === 0) {
      if (simulation.faults.has('forget')) provider.forget()
      await all([...provider.expected.values()], (person) => provider.synchronise(person))
    }
    lived = number
  }
  progress('Reading all users and groups to compare them')
  const snapshot = await snapshotOf(wire.client, mark)
  const stopped = stop.aborted
  const differences = stopped ? [] : differencesOf(snapshot, provider)
  // The counts leave out the requests of the cleanup: they are not requests of the provider.
  const { requests, waits } = wire
  const statuses = new Map(wire.statuses)
  const seconds = (performance.now() - began) / 1000
  const paths = simulation.keep ? [] : pathsOf(snapshot, provider)
  const left = await cleanUp(wire.client, paths, concurrency, (done) => progress(`Deleting ${done} of ${paths.length}`))
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
    stopped,
    left,
  }
}

/**
 * The resources that this run has created, and those that have its mark. The cleanup deletes only these, groups first.
 */
function pathsOf({ users, groups }: Snapshot, { made }: Provider): readonly string[] {
  const below = (endpoint: string, ids: Iterable<string>): readonly string[] =>
    [...ids].filter((id) => made.has(`${endpoint}/${id}`)).map((id) => `${endpoint}/${encodeURIComponent(id)}`)
  return [...below('/Groups', groups.keys()), ...below('/Users', users.keys())]
}
