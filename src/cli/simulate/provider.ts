import type { Answer } from '../../client/index.js'
import { propertiesOf } from '../../is-object.js'
import type { Change, Company, Person, Team, TeamChange } from './company.js'
import { inParallel } from './parallel.js'
import type { Profile } from './profile.js'
import type { Wire } from './wire.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** The number of members that Entra adds at the same time, each in a PATCH of its own. */
const SIDE_BY_SIDE = 5

type PatchBodyOperation = {
  readonly op: 'add' | 'remove' | 'replace'
  readonly path?: string
  readonly value?: unknown
}

/** A simulated identity provider: it sends the changes of the company to the server. */
export class Provider {
  /** The ids that the server gave, by the keys of people and teams. */
  readonly userIds = new Map<number, string>()
  readonly groupIds = new Map<number, string>()
  /** The paths of all resources that the run has created; the cleanup deletes only these. */
  readonly made = new Set<string>()
  /** The people that the server must have, with the attributes that they must have there. */
  readonly expected = new Map<number, Person>()
  readonly #profile: Profile
  readonly #wire: Wire
  readonly #company: Company
  readonly #stop: AbortSignal

  constructor(profile: Profile, wire: Wire, company: Company, stop: AbortSignal) {
    this.#profile = profile
    this.#wire = wire
    this.#company = company
    this.#stop = stop
  }

  /** Sends one change of a person. */
  async change({ kind, person }: Change): Promise<void> {
    if (kind === 'join') return this.#create(person)
    if (kind === 'leave') return this.#leave(person)
    if (kind === 'forget') return this.#profile.forgets ? this.#delete(person) : undefined
    if (kind === 'return' && !this.userIds.has(person.key)) return this.#create(person)
    return this.#update(person, kind)
  }

  /** Sends one change of a team. */
  async changeTeam(change: TeamChange): Promise<void> {
    const { team } = change
    if (change.closed) return this.#deleteGroup(team)
    if (change.isNew) return this.#createGroup(team)
    const id = this.groupIds.get(team.key)
    if (id === undefined) return this.#createGroup(team)
    const { members, renames } = this.#profile
    if (members === 'put') return this.#putGroup(team)
    if (change.renamed) {
      const whole = { id, displayName: team.name, ...(renames === 'pathless' && { schemas: [GROUP] }) }
      if (renames === 'path') await this.#patchGroup(team, [{ op: 'replace', path: 'displayName', value: team.name }])
      else await this.#patchGroup(team, [{ op: 'replace', value: whole }])
    }
    await this.#changeMembers(team, change.added, change.removed)
  }

  /** Forgets the ids of all people. */
  forget(): void {
    this.userIds.clear()
  }

  /** Searches for a person again, and sends all attributes again. */
  async synchronise(person: Person): Promise<void> {
    const id = this.userIds.get(person.key) ?? (await this.#find('/Users', 'userName', person.userName))
    if (id === undefined) return this.#create(person)
    this.userIds.set(person.key, id)
    await this.#update(person, 'move')
  }

  async #create(person: Person): Promise<void> {
    this.expected.set(person.key, person)
    if (await this.#find('/Users', 'userName', person.userName)) return this.#adopt(person)
    const answer = await this.#wire.send('POST', '/Users', this.#userBody(person))
    if (answer.status === 409) return this.#adopt(person)
    const id = idOf(answer)
    if (id === undefined) return this.#wire.refuse('POST /Users', answer)
    this.userIds.set(person.key, id)
    this.made.add(`/Users/${id}`)
  }

  /** Uses a user that exists already: created by a request whose answer was lost, or by an earlier run. */
  async #adopt(person: Person): Promise<void> {
    const id = await this.#find('/Users', 'userName', person.userName)
    if (id === undefined) {
      this.#wire.refused.push('POST /Users is answered with 409, and a filter by userName finds nobody.')
      return
    }
    this.userIds.set(person.key, id)
    this.made.add(`/Users/${id}`)
    await this.#update(person, 'move')
  }

  async #update(person: Person, kind: Change['kind']): Promise<void> {
    const id = this.userIds.get(person.key)
    if (id === undefined) return this.#create(person)
    this.expected.set(person.key, person)
    const { users, disables } = this.#profile
    if (users === 'patch') return this.#patchUser(id, this.#attributes(person))
    if (disables === 'pathless' && kind === 'return')
      await this.#patchUser(id, [{ op: 'replace', value: { active: true } }])
    await this.#putUser(id, person)
  }

  async #leave(person: Person): Promise<void> {
    const { leaves, disables } = this.#profile
    if (leaves === 'delete') return this.#delete(person)
    const id = this.userIds.get(person.key)
    if (id === undefined) return this.#create(person)
    this.expected.set(person.key, person)
    if (disables === 'text') return this.#patchUser(id, [{ op: 'replace', path: 'active', value: 'False' }])
    if (disables === 'pathless') return this.#patchUser(id, [{ op: 'replace', value: { active: false } }])
    await this.#putUser(id, person)
  }

  async #delete(person: Person): Promise<void> {
    this.expected.delete(person.key)
    const id = this.userIds.get(person.key)
    this.userIds.delete(person.key)
    if (id === undefined) return
    const answer = await this.#wire.send('DELETE', `/Users/${encodeURIComponent(id)}`)
    if (answer.status !== 204 && answer.status !== 404) this.#wire.refuse('DELETE /Users/{id}', answer)
  }

  async #patchUser(id: string, operations: readonly PatchBodyOperation[]): Promise<void> {
    const answer = await this.#wire.send('PATCH', `/Users/${encodeURIComponent(id)}`, this.#patchBody(operations))
    if (answer.status !== 200 && answer.status !== 204) this.#wire.refuse('PATCH /Users/{id}', answer)
  }

  async #putUser(id: string, person: Person): Promise<void> {
    const path = `/Users/${encodeURIComponent(id)}`
    if (this.#profile.readsFirst) await this.#wire.send('GET', path)
    const answer = await this.#wire.send('PUT', path, { id, ...this.#userBody(person) })
    // A user that was deleted at the server is created again.
    if (answer.status === 404) {
      this.userIds.delete(person.key)
      return this.#create(person)
    }
    if (answer.status !== 200) this.#wire.refuse('PUT /Users/{id}', answer)
  }

  async #createGroup(team: Team): Promise<void> {
    const withMembers = this.#profile.createsWithMembers && { members: this.#membersOf([...team.members]) }
    const body = { schemas: [GROUP], displayName: team.name, externalId: `team-${team.name}`, ...withMembers }
    const answer = await this.#wire.send('POST', '/Groups', body)
    const id = answer.status === 409 ? await this.#find('/Groups', 'displayName', team.name) : idOf(answer)
    if (id === undefined) return this.#wire.refuse('POST /Groups', answer)
    this.groupIds.set(team.key, id)
    this.made.add(`/Groups/${id}`)
    if (answer.status === 409)
      return this.#patchGroup(team, [{ op: 'replace', path: 'members', value: this.#membersOf([...team.members]) }])
    if (!this.#profile.createsWithMembers) await this.#changeMembers(team, [...team.members], [])
  }

  async #deleteGroup(team: Team): Promise<void> {
    const id = this.groupIds.get(team.key)
    this.groupIds.delete(team.key)
    if (id === undefined) return
    const answer = await this.#wire.send('DELETE', `/Groups/${encodeURIComponent(id)}`)
    if (answer.status !== 204 && answer.status !== 404) this.#wire.refuse('DELETE /Groups/{id}', answer)
  }

  async #changeMembers(team: Team, added: readonly number[], removed: readonly number[]): Promise<void> {
    const adding = this.#membersOf(added)
    const removing = this.#membersOf(removed)
    if (this.#profile.members === 'each') {
      const steps = [...adding.map((one) => this.#adds([one])), ...removing.map((one) => this.#removes([one]))]
      return inParallel(steps, SIDE_BY_SIDE, (operations) => this.#patchGroup(team, operations), this.#stop)
    }
    const operations = [
      ...(removing.length > 0 ? this.#removes(removing) : []),
      ...(adding.length > 0 ? this.#adds(adding) : []),
    ]
    if (operations.length > 0) await this.#patchGroup(team, operations)
  }

  #adds(members: readonly { readonly value: string }[]): readonly PatchBodyOperation[] {
    return [{ op: 'add', path: 'members', value: members }]
  }

  #removes(members: readonly { readonly value: string }[]): readonly PatchBodyOperation[] {
    if (this.#profile.removes === 'values') return [{ op: 'remove', path: 'members', value: members }]
    return members.map(({ value }) => ({ op: 'remove', path: `members[value eq ${JSON.stringify(value)}]` }))
  }

  async #patchGroup(team: Team, operations: readonly PatchBodyOperation[]): Promise<void> {
    const id = this.groupIds.get(team.key) ?? ''
    const answer = await this.#wire.send('PATCH', `/Groups/${encodeURIComponent(id)}`, this.#patchBody(operations))
    if (answer.status !== 200 && answer.status !== 204) this.#wire.refuse('PATCH /Groups/{id}', answer)
  }

  async #putGroup(team: Team): Promise<void> {
    const id = this.groupIds.get(team.key) ?? ''
    const body = { schemas: [GROUP], id, displayName: team.name, members: this.#membersOf([...team.members]) }
    const answer = await this.#wire.send('PUT', `/Groups/${encodeURIComponent(id)}`, body)
    if (answer.status !== 200) this.#wire.refuse('PUT /Groups/{id}', answer)
  }

  /** A person who is no longer at the server is no member of a group. */
  #membersOf(keys: readonly number[]): readonly { readonly value: string }[] {
    return keys.flatMap((key) => {
      const value = this.userIds.get(key)
      return value === undefined ? [] : [{ value }]
    })
  }

  async #find(endpoint: string, name: string, value: string): Promise<string | undefined> {
    const filter = `${name} eq ${JSON.stringify(value)}`
    const query = encodeURIComponent(filter).replaceAll('%20', this.#profile.blank)
    const answer = await this.#wire.send('GET', `${endpoint}?filter=${query}`)
    const { Resources } = propertiesOf(answer.body)
    const { id } = propertiesOf(Array.isArray(Resources) ? Resources[0] : undefined)
    return typeof id === 'string' ? id : undefined
  }

  #patchBody(operations: readonly PatchBodyOperation[]): unknown {
    const capital = this.#profile.spelling === 'capital'
    const spelled = operations.map(({ op, ...rest }) => ({
      op: capital ? op[0]?.toUpperCase() + op.slice(1) : op,
      ...rest,
    }))
    return { schemas: [PATCH_OP], Operations: spelled }
  }

  #attributes(person: Person): readonly PatchBodyOperation[] {
    const texts = Object.entries({
      userName: person.userName,
      'name.givenName': person.givenName,
      'name.familyName': person.familyName,
      'emails[type eq "work"].value': person.userName,
      title: person.title,
      [`${ENTERPRISE}:department`]: person.department,
    })
    const active = this.#profile.disables === 'text' ? (person.active ? 'True' : 'False') : person.active
    return [...texts, ['active', active]].map(([path, value]) => ({ op: 'replace', path: String(path), value }))
  }

  #userBody(person: Person): Record<string, unknown> {
    return {
      schemas: [USER, ENTERPRISE],
      userName: person.userName,
      externalId: `${this.#profile.id}-${person.key}`,
      name: { givenName: person.givenName, familyName: person.familyName },
      emails: [{ value: person.userName, type: 'work', primary: true }],
      title: person.title,
      active: person.active,
      [ENTERPRISE]: { department: person.department },
    }
  }

  /** The teams that the server must have. */
  get teams(): ReadonlyMap<number, Team> {
    return this.#company.teams
  }
}

function idOf({ status, body }: Answer): string | undefined {
  const { id } = propertiesOf(body)
  return status >= 200 && status < 300 && typeof id === 'string' ? id : undefined
}
