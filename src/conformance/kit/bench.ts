import { randomBytes } from 'node:crypto'
import type { Section } from '../../adapter/sections.js'
import { type Attribute, isResourceReference } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { type Actor, actorOf } from './actor.js'
import { simpleList, typedList } from './choose.js'
import { assign, fullDraft, plainDraft } from './drafts.js'
import type { KeptPart } from './kept.js'
import type { Kit } from './kit.js'
import { referenceLists, type Subject } from './subject.js'
import type { Seed } from './values.js'
import { ContractViolation } from './violation.js'

/** The tools for one run of a check. `clear` deletes the resources that its actors created. */
export interface Bench {
  readonly kit: Kit
  readonly subject: Subject
  /** A client of the first tenant. */
  readonly me: Actor
  /** A client of the second tenant, if there is one. */
  readonly stranger: Actor | undefined
  /** A client of the first tenant that uses another of the checked types. */
  readonly userOf: (type: Subject) => Actor
  /** A client whose requests belong to no tenant. */
  readonly nobody: () => Actor
  /** The paths of attributes that the store does not keep. A draft with all attributes shows them. */
  readonly missing: readonly string[]
  /** Why nobody knows which attributes the store keeps. */
  readonly failure: unknown
  /** The last call, such as `User.get for the id "7"`. */
  readonly lastStep: () => string | undefined
  /** A draft with the required attributes, the mark, and the given other attributes. */
  readonly plain: (number: number, ...values: readonly (readonly [Attribute, unknown])[]) => Promise<JsonObject>
  /** A draft with a value of every attribute. */
  readonly full: (number: number) => Promise<JsonObject>
  /** The ids of resources that a reference may point to. Later calls return the same ids. */
  readonly targets: (attribute: Attribute, count: number) => Promise<readonly string[]>
  /** A filter that matches only resources of this run, and of them only those that match the given filter. */
  readonly mine: (filter?: string) => string
  /** Throws a violation unless the condition holds; the message is `User.get` and the sentence. */
  readonly verify: (condition: boolean, callback: string, sentence: string) => void
  readonly clear: () => Promise<void>
}

interface CreatedResource {
  readonly actor: Actor
  readonly id: string
}

const AT_ONCE = 10

/** Sets up one run of a check. */
export function benchOf(
  kit: Kit,
  subject: Subject,
  section: Section,
  { missing, failure }: Pick<KeptPart, 'missing' | 'failure'> = { missing: [] },
): Bench {
  const mark = `kit-${randomBytes(5).toString('hex')}`
  const created: CreatedResource[] = []
  let lastStep: (() => string) | undefined
  const note = (step: () => string): void => {
    lastStep = step
  }
  const actorFor = (type: Subject, identity: Actor['caller']['identity']): Actor => {
    const actor: Actor = actorOf(type, identity, kit.surroundings, (id) => created.push({ actor, id }), note)
    return actor
  }
  const [mine, other] = kit.identities
  const me = actorFor(subject, mine)
  const pools = new Map<string, string[]>()

  const targets: Bench['targets'] = async (attribute, count) => {
    const type = targetType(kit, subject, attribute)
    const pool = pools.get(type?.name ?? '') ?? []
    pools.set(type?.name ?? '', pool)
    const actor = type && actorFor(type, mine)
    while (pool.length < count) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, count - pool.length) }, (_, index) => pool.length + index)
      const made = numbers.map(async (number) => {
        if (type === undefined || actor === undefined) return `${mark}-target-${number}`
        const seed = { mark: `${mark}x`, number, refer: () => [] }
        return String((await actor.create(plainDraft(type, seed))).id)
      })
      pool.push(...(await Promise.all(made)))
    }
    return pool.slice(0, count)
  }
  const seedOf = async (number: number, attributes: readonly Attribute[]): Promise<Seed> => {
    const references = attributes.filter(isResourceReference)
    const ids = new Map<Attribute, readonly string[]>()
    for (const attribute of references) {
      const pool = await targets(attribute, 4)
      ids.set(
        attribute,
        [0, 1].map((index) => String(pool[(number + index) % pool.length])),
      )
    }
    return { mark, number, refer: (attribute) => ids.get(attribute) ?? [] }
  }
  return {
    kit,
    subject,
    me,
    stranger: other && actorFor(subject, other),
    userOf: (type) => actorFor(type, mine),
    nobody: () => actorFor(subject, {}),
    missing,
    failure,
    lastStep: () => lastStep?.(),
    targets,
    plain: async (number, ...values) => {
      const required = subject.attributes.filter((attribute) => attribute.required)
      const draft = plainDraft(subject, await seedOf(number, required))
      for (const [attribute, value] of values) assign(draft, attribute, value)
      return draft
    },
    full: async (number) => fullDraft(subject, await seedOf(number, subject.attributes)),
    mine: (filter) => {
      const marked = `${subject.mark.path} sw "${mark}-"`
      return filter === undefined ? marked : `${marked} and (${filter})`
    },
    verify: (condition, callback, sentence) => {
      if (!condition) throw new ContractViolation(`${subject.name}.${callback} ${sentence}`, section)
    },
    clear: async () => {
      // The newest first, so that references are deleted before their targets.
      const left = created.reverse()
      while (left.length > 0) {
        const some = left.splice(0, AT_ONCE)
        await Promise.all(some.map(({ actor, id }) => actor.delete(id).catch(() => false)))
      }
    },
  }
}

/** The checked type that a reference may point to; if there is a choice, not the type itself. */
function targetType(kit: Kit, subject: Subject, attribute: Attribute): Subject | undefined {
  const names = attribute.subAttribute('$ref')?.referenceTypes ?? []
  const known = names.flatMap((name) => kit.subjects.get(name) ?? [])
  return known.find((type) => type !== subject) ?? known[0]
}

/** The first list of references that a type has. */
export function firstReferenceList(subject: Subject): Attribute | undefined {
  return referenceLists(subject)[0]
}

/** The list that checks make long: of references if the type has one. */
export function growingList(subject: Subject): Attribute | undefined {
  return firstReferenceList(subject) ?? typedList(subject) ?? simpleList(subject)
}
