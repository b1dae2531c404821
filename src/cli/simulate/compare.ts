import type { ScimClient } from '../../client/index.js'
import { propertiesOf } from '../../is-object.js'
import type { Provider } from './provider.js'

/** A user or a group as the server has it. */
type StoredResource = { readonly id?: string; readonly [attribute: string]: unknown }

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** The page size of the requests. The server may give fewer. */
const PAGE = 1_000

/** All resources of the simulation that the server has. */
export interface Snapshot {
  readonly users: ReadonlyMap<string, StoredResource>
  readonly groups: ReadonlyMap<string, StoredResource>
}

/** Reads all users and groups, and keeps those whose names have the mark of the simulation. */
export async function snapshotOf(client: ScimClient, mark: string): Promise<Snapshot> {
  const read = async (endpoint: string, name: string): Promise<Map<string, StoredResource>> => {
    const found = new Map<string, StoredResource>()
    for await (const one of client.resources<StoredResource>(endpoint).list({ count: PAGE })) {
      if (typeof one.id === 'string' && String(one[name]).includes(mark)) found.set(one.id, one)
    }
    return found
  }
  return { users: await read('/Users', 'userName'), groups: await read('/Groups', 'displayName') }
}

/** Compares every person, group and membership at the server with the company. Returns one line for each difference. */
export function differencesOf({ users, groups }: Snapshot, provider: Provider): readonly string[] {
  const lines: string[] = []
  const known = new Set<string>()
  for (const person of provider.expected.values()) {
    const id = provider.userIds.get(person.key) ?? ''
    known.add(id)
    const found = users.get(id)
    if (found === undefined) {
      lines.push(`User ${person.key} is missing.`)
      continue
    }
    const name = propertiesOf(found.name)
    const extension = propertiesOf(found[ENTERPRISE])
    const mail = listOf(found.emails)[0]
    const pairs = {
      userName: [found.userName, person.userName],
      active: [found.active, person.active],
      'name.givenName': [name.givenName, person.givenName],
      'name.familyName': [name.familyName, person.familyName],
      'emails.value': [mail?.value, person.userName],
      title: [found.title, person.title],
      department: [extension.department, person.department],
    }
    for (const [attribute, [actual, wanted]] of Object.entries(pairs)) {
      if (actual !== wanted)
        lines.push(
          `${attribute} of user ${person.key} is ${JSON.stringify(actual)}, must be ${JSON.stringify(wanted)}.`,
        )
    }
  }
  for (const id of users.keys()) if (!known.has(id)) lines.push(`User ${id} must not be there any more.`)
  return [...lines, ...groupDifferences(groups, provider)]
}

function groupDifferences(groups: Snapshot['groups'], provider: Provider): readonly string[] {
  const lines: string[] = []
  const known = new Set<string>()
  for (const team of provider.teams.values()) {
    const id = provider.groupIds.get(team.key) ?? ''
    known.add(id)
    const found = groups.get(id)
    if (found === undefined) {
      lines.push(`Group ${team.key} is missing.`)
      continue
    }
    if (found.displayName !== team.name)
      lines.push(
        `displayName of group ${team.key} is ${JSON.stringify(found.displayName)}, must be ${JSON.stringify(team.name)}.`,
      )
    const wanted = new Set([...team.members].map((key) => provider.userIds.get(key)))
    const actual = listOf(found.members).map(({ value }) => String(value))
    const absent = [...wanted].filter((member) => member !== undefined && !actual.includes(member))
    const extra = actual.filter((member) => !wanted.has(member))
    if (absent.length > 0) lines.push(`Group ${team.key} lacks ${absent.length} of ${wanted.size} members.`)
    if (extra.length > 0) lines.push(`Group ${team.key} has ${extra.length} members too many.`)
    if (new Set(actual).size < actual.length) lines.push(`Group ${team.key} has a member twice.`)
  }
  for (const id of groups.keys()) if (!known.has(id)) lines.push(`Group ${id} must not be there any more.`)
  return lines
}

function listOf(values: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(values) ? values.map(propertiesOf) : []
}
