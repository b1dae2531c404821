import { Random } from './random.js'

const GIVEN =
  'Ada Aiko Amir Ana Björn Chloé Dmitri Elif Fatou Grace Hugo Inès Jürgen Kofi Leïla Mateo Nadia Omar Priya Quinn Rosa Søren Tariq Uma Víctor Wei Ximena Yusuf Zoë'.split(
    ' ',
  )
const FAMILY =
  "Adeyemi Bauer Chen Dubois Eriksson Fernández Garcia Haddad Ivanova Jansen Kowalski Lindqvist Müller Nakamura O'Brien Petrov Qureshi Rossi Silva Tanaka Umar Varga Williams Xu Yılmaz Zhang".split(
    ' ',
  )
const DEPARTMENTS = 'Design Engineering Finance Legal Marketing Operations People Research Sales Support'.split(' ')
const TITLES = 'Analyst Architect Assistant Designer Director Engineer Lead Manager Officer Specialist'.split(' ')

/** A person who works, or has worked, in the company. */
export interface Person {
  readonly key: number
  givenName: string
  familyName: string
  title: string
  department: string
  /** It changes when the name changes. */
  userName: string
  active: boolean
  /** The day on which the person left. */
  left: number | undefined
}

/** A team, or a department. */
export interface Team {
  readonly key: number
  name: string
  readonly members: Set<number>
}

/** A change of one person on a day. */
export interface Change {
  readonly kind: 'join' | 'leave' | 'rename' | 'move' | 'return' | 'forget'
  readonly person: Person
}

/** A change of one team on a day. */
export interface TeamChange {
  readonly team: Team
  readonly isNew: boolean
  readonly renamed: boolean
  readonly closed: boolean
  readonly added: readonly number[]
  readonly removed: readonly number[]
}

/** The changes of one day. */
export interface Day {
  readonly number: number
  readonly changes: readonly Change[]
  readonly teams: readonly TeamChange[]
}

/** Days after which the provider deletes a person who has left, if it deletes at all. */
const FORGET_AFTER = 30

/** A simulated company: people join, leave, come back, marry and move; teams are made, renamed and closed. */
export class Company {
  readonly people = new Map<number, Person>()
  readonly teams = new Map<number, Team>()
  readonly #random: Random
  readonly #mark: string
  readonly #size: number
  #keys = 0

  constructor(seed: number, size: number, mark: string) {
    this.#random = new Random(seed)
    this.#mark = mark
    this.#size = size
  }

  /** The first day: all people join. */
  begin(): Day {
    const before = this.#memberships()
    for (const name of DEPARTMENTS) this.#newTeam(name)
    for (let number = 0; number < Math.ceil(this.#size / 40); number += 1) this.#newTeam(`Project ${number + 1}`)
    const changes = Array.from({ length: this.#size }, (): Change => ({ kind: 'join', person: this.#join() }))
    return { number: 0, changes, teams: this.#teamChanges(before, new Map()) }
  }

  /** Simulates one day. */
  live(number: number): Day {
    const before = this.#memberships()
    const names = new Map([...this.teams.values()].map((team) => [team.key, team.name]))
    const changes = [...this.#changes(number)]
    if (this.#random.chance(0.1)) this.#newTeam(`Project ${this.#keys}`)
    if (this.#random.chance(0.1)) this.#random.pick([...this.teams.values()]).name += ' II'
    if (this.#random.chance(0.03)) this.#closeTeam()
    return { number, changes, teams: this.#teamChanges(before, names) }
  }

  *#changes(day: number): Generator<Change> {
    const staff = [...this.people.values()]
    const here = staff.filter(({ active }) => active)
    const rate = (perYear: number): number => this.#often((here.length * perYear) / 250)
    const touched = new Set<number>()
    const somebody = (list: readonly Person[]): Person | undefined => {
      if (list.length === 0) return undefined
      const person = this.#random.pick(list)
      if (touched.has(person.key)) return undefined
      touched.add(person.key)
      return person
    }
    for (const person of staff) {
      if (person.left === undefined || day - person.left < FORGET_AFTER) continue
      touched.add(person.key)
      this.people.delete(person.key)
      yield { kind: 'forget', person }
    }
    const events: readonly (readonly [Change['kind'], number])[] = [
      ['leave', rate(0.12)],
      ['rename', rate(0.03)],
      ['move', rate(0.25)],
      ['return', rate(0.03)],
    ]
    for (const [kind, count] of events) {
      for (let index = 0; index < count; index += 1) {
        const person = somebody(kind === 'return' ? staff.filter(({ left }) => left !== undefined) : here)
        if (person === undefined) continue
        this.#apply(kind, person, day)
        yield { kind, person }
      }
    }
    for (let index = rate(0.14); index > 0; index -= 1) yield { kind: 'join', person: this.#join() }
  }

  #apply(kind: Change['kind'], person: Person, day: number): void {
    if (kind === 'rename') {
      person.familyName = this.#random.pick(FAMILY)
      person.userName = this.#userName(person)
    } else if (kind === 'move') {
      person.department = this.#random.pick(DEPARTMENTS)
      person.title = this.#random.pick(TITLES)
    }
    person.active = kind !== 'leave'
    person.left = kind === 'leave' ? day : undefined
    this.#seat(person)
  }

  #join(): Person {
    this.#keys += 1
    const person: Person = {
      key: this.#keys,
      givenName: this.#random.pick(GIVEN),
      familyName: this.#random.pick(FAMILY),
      title: this.#random.pick(TITLES),
      department: this.#random.pick(DEPARTMENTS),
      userName: '',
      active: true,
      left: undefined,
    }
    person.userName = this.#userName(person)
    this.people.set(person.key, person)
    this.#seat(person)
    return person
  }

  /** Adds a person to the right teams, and removes the person from all others. */
  #seat(person: Person): void {
    for (const team of this.teams.values()) {
      const isDepartment = team.name.startsWith(`${person.department} `)
      const stays = DEPARTMENTS.some((name) => team.name.startsWith(`${name} `))
        ? isDepartment
        : team.members.has(person.key)
      if (person.active && stays) team.members.add(person.key)
      else team.members.delete(person.key)
    }
    const projects = [...this.teams.values()].filter(({ name }) => name.startsWith('Project '))
    if (person.active && projects.length > 0 && this.#random.chance(0.5))
      this.#random.pick(projects).members.add(person.key)
  }

  #newTeam(name: string): void {
    this.#keys += 1
    this.teams.set(this.#keys, { key: this.#keys, name: `${name} ${this.#mark}`, members: new Set() })
  }

  #closeTeam(): void {
    const projects = [...this.teams.values()].filter(({ name }) => name.startsWith('Project '))
    if (projects.length > 1) this.teams.delete(this.#random.pick(projects).key)
  }

  #userName({ givenName, familyName, key }: Person): string {
    const plain = `${givenName}.${familyName}`.normalize('NFKD').replace(/[^A-Za-z.]/g, '')
    return `${plain.toLowerCase()}.${key}@${this.#mark}.invalid`
  }

  #memberships(): Map<number, readonly [Team, ReadonlySet<number>]> {
    return new Map([...this.teams.values()].map((team) => [team.key, [team, new Set(team.members)]]))
  }

  #teamChanges(
    before: ReadonlyMap<number, readonly [Team, ReadonlySet<number>]>,
    names: ReadonlyMap<number, string>,
  ): TeamChange[] {
    const closed = [...before.values()].filter(([team]) => !this.teams.has(team.key))
    const gone = closed.map(([team]) => ({ team, isNew: false, renamed: false, closed: true, added: [], removed: [] }))
    const others = [...this.teams.values()].map((team): TeamChange => {
      const members = before.get(team.key)?.[1] ?? new Set<number>()
      return {
        team,
        isNew: !before.has(team.key),
        renamed: names.has(team.key) && names.get(team.key) !== team.name,
        closed: false,
        added: [...team.members].filter((key) => !members.has(key)),
        removed: [...members].filter((key) => !team.members.has(key)),
      }
    })
    return [
      ...gone,
      ...others.filter(({ isNew, renamed, added, removed }) => isNew || renamed || added.length + removed.length > 0),
    ]
  }

  /** A random whole number near an expected one. */
  #often(expected: number): number {
    return Math.floor(expected) + (this.#random.chance(expected % 1) ? 1 : 0)
  }
}
