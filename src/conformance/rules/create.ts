import { setTimeout as delay } from 'node:timers/promises'
import { asWriteResult } from '../../adapter/write-result.js'
import type { ResourceSchema } from '../../schema/define/schema.js'
import { type Attribute, isResourceReference } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { isIdentified } from '../../schema/reading/read-reference.js'
import { freeText } from '../kit/choose.js'
import { difference } from '../kit/compare.js'
import { assign, legalDraft, valueIn } from '../kit/drafts.js'
import { serveLess } from '../kit/kept.js'
import type { Rule } from '../kit/rule.js'
import { show } from '../kit/violation.js'

const TEXTS = [
  `O'Brien "Bob" \\ back`,
  'Grüße aus 東京 👩‍👩‍👧 e\u0301 é',
  ' blanks at both ends ',
  'tab\tline\nend',
  'null',
  '0',
  '100% _sure_ $1 :x {y} $2',
  '__proto__',
  "'; DROP TABLE users; --",
]

export const CREATE: readonly Rule[] = [
  {
    name: 'the store keeps every attribute of the schema',
    section: 'stored',
    run: async ({ subject, missing, failure, verify }) => {
      if (failure) throw failure
      const told = `gave nothing of some attributes that create was given. This store does not keep: ${missing.join(', ')}. ${serveLess(subject, missing)}`
      verify(missing.length === 0, 'get', told)
    },
  },
  {
    name: 'create stores the whole draft, and get finds it',
    section: 'create',
    run: async ({ subject, me, full, verify }) => {
      const draft = await full(1)
      const created = await me.create(draft)
      const answered = difference(subject, draft, created)
      verify(answered === undefined, 'create', `answered ${answered}`)
      const found = await me.get(String(created.id))
      verify(found !== undefined, 'get', 'does not find the resource that create has just stored')
      const kept = difference(subject, draft, found ?? {})
      verify(kept === undefined, 'get', `gave ${kept}`)
      verify(String(found?.id) === String(created.id), 'get', 'gave a resource with another id than the requested one')
    },
  },
  {
    name: 'create stores a draft with only the required attributes',
    section: 'create',
    run: async ({ subject, me, plain, verify }) => {
      const draft = await plain(1)
      const created = await me.create(draft)
      const kept = difference(subject, draft, (await me.get(String(created.id))) ?? {})
      verify(kept === undefined, 'get', `gave ${kept}`)
    },
  },
  {
    name: 'create gives each resource a new id that is never used again',
    section: 'create',
    run: async ({ me, plain, verify }) => {
      const drafts = await Promise.all([1, 2, 3, 4, 5].map((number) => plain(number)))
      const ids = (await Promise.all(drafts.map((draft) => me.create(draft)))).map(({ id }) => String(id))
      verify(new Set(ids).size === ids.length, 'create', `gave one id to two resources: ${show(ids)}`)
      await me.delete(String(ids[4]))
      const next = await me.create(await plain(6))
      // RFC 7643 section 3.1: "a stable, non-reassignable identifier".
      verify(!ids.includes(String(next.id)), 'create', 'gave the id of a deleted resource to a new one')
    },
  },
  {
    name: 'each returned reference has the id of its resource',
    section: 'stored',
    applies: ({ schema }) => referencesOf(schema).length > 0,
    run: async ({ subject, me, full, plain, mine, verify }) => {
      const created = await me.create(await full(1))
      // An outer join without a match gives one row of nulls; the adapter must not return it as a value.
      const bare = await me.create(await plain(2))
      const { resources } = await me.list({ filter: mine() })
      for (const [callback, resource] of [
        ['create', created],
        ['create', bare],
        ['get', await me.get(String(created.id))],
        ['get', await me.get(String(bare.id))],
        ...resources.map((one) => ['list', one] as const),
      ] as const) {
        for (const attribute of referencesOf(subject.schema)) {
          const values = resource && valueIn(resource, attribute)
          const lacking = Array.isArray(values) ? values.filter((value) => !isIdentified(attribute, value)) : []
          verify(
            lacking.length === 0,
            callback,
            `gave ${show(lacking[0])} as a value of "${attribute.path}", without "value"`,
          )
        }
      }
    },
  },
  {
    name: 'texts are returned unchanged',
    section: 'stored',
    applies: (subject) => freeText(subject, false) !== undefined,
    run: async ({ subject, me, plain, verify }) => {
      const attribute = freeText(subject, false)
      if (!attribute) return
      for (const [number, text] of TEXTS.entries()) {
        const { id } = await me.create(await plain(number, [attribute, text]))
        const found = await me.get(String(id))
        const came = found && valueIn(found, attribute)
        verify(came === text, 'get', `gave ${show(came)} as "${attribute.path}" in place of ${show(text)}`)
      }
    },
  },
  {
    name: 'the store keeps no reference to the draft object',
    section: 'drafts',
    run: async ({ subject, me, full, plain, verify }) => {
      const draft = await full(1)
      const given = legalDraft(subject, draft)
      const answer = await me.caller.write('create', (adapter, call) => adapter.create(given, call))
      const created = asWriteResult(answer).resource
      const id = String(created.id)
      try {
        spoil(given)
        const kept = difference(subject, draft, (await me.get(id)) ?? {})
        verify(kept === undefined, 'create', `kept a part of the draft itself: get gave ${kept}`)
        const other = { ...draft, ...(await plain(1)) }
        const replacing = legalDraft(subject, other, true)
        await me.caller.write('replace', (adapter, call) => adapter.replace(id, replacing, call))
        spoil(replacing)
        const left = difference(subject, other, (await me.get(id)) ?? {})
        verify(left === undefined, 'replace', `kept a part of the draft itself: get gave ${left}`)
      } finally {
        await me.delete(id)
      }
    },
  },
  {
    name: 'created and lastModified are times, created stays and lastModified moves on',
    section: 'stored',
    run: async ({ subject, me, plain, verify }) => {
      const { id } = await me.create(await plain(1))
      const first = await me.get(String(id))
      const attribute = freeText(subject, false) ?? subject.mark
      const draft = await plain(1)
      assign(draft, attribute, `${valueIn(draft, attribute) ?? ''} changed`)
      await delay(PAUSE)
      await me.replace(String(id), draft)
      const second = await me.get(String(id))
      for (const name of ['created', 'lastModified'] as const) {
        const [before, after] = [first?.meta?.[name], second?.meta?.[name]]
        if (isAbsent(before) && isAbsent(after)) continue
        const told = `gave meta.${name} ${show(before)} and after a replace ${show(after)}`
        verify(
          !Number.isNaN(timeOf(before)) && !Number.isNaN(timeOf(after)),
          'get',
          `${told}, which are not both times`,
        )
        verify(name === 'created' ? timeOf(before) === timeOf(after) : isLater(before, after), 'get', told)
      }
    },
  },
]

type Time = Date | string | null | undefined

/** Milliseconds between two writes. */
const PAUSE = 20

/** Whether a time is later than another one; for a store that keeps whole seconds, whether it is not earlier. */
function isLater(before: Time, after: Time): boolean {
  const isWhole = timeOf(before) % 1_000 === 0 && timeOf(after) % 1_000 === 0
  return isWhole ? timeOf(before) <= timeOf(after) : timeOf(before) < timeOf(after)
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

function timeOf(value: Time): number {
  return value instanceof Date ? value.getTime() : Date.parse(value ?? '')
}

/** Changes every value in an object, at every level. */
function spoil(holder: JsonObject): void {
  for (const [name, value] of Object.entries(holder)) {
    if (typeof value === 'object' && value !== null) spoil(value as JsonObject)
    else holder[name] = typeof value === 'string' ? `${value} spoilt` : null
  }
  if (Array.isArray(holder)) holder.push({ value: 'spoilt' })
}

/** The lists of references of a resource, generated lists included. */
function referencesOf({ root }: ResourceSchema): readonly Attribute[] {
  return root.subAttributes.filter((attribute) => attribute.multiValued && isResourceReference(attribute))
}
