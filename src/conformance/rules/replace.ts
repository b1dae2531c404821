import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { difference } from '../kit/compare.js'
import { assign, valueIn } from '../kit/drafts.js'
import type { Rule } from '../kit/rule.js'
import type { Subject } from '../kit/subject.js'

export const REPLACE: readonly Rule[] = [
  {
    name: 'replace replaces the stored resource with the whole draft',
    section: 'replace',
    run: async ({ subject, me, full, verify }) => {
      const first = await full(1)
      const id = String((await me.create(first)).id)
      const draft = withFixed(subject, await full(2), first)
      const answer = await me.replace(id, draft)
      verify(typeof answer === 'object', 'replace', 'does not find the resource that create has stored')
      const answered = difference(subject, draft, answer as object)
      verify(answered === undefined, 'replace', `answered ${answered}`)
      const kept = difference(subject, draft, (await me.get(id)) ?? {})
      verify(kept === undefined, 'replace', `made get return ${kept}`)
    },
  },
  {
    name: 'replace clears attributes that the draft lacks',
    section: 'replace',
    run: async ({ subject, me, full, plain, verify }) => {
      const first = await full(1)
      const id = String((await me.create(first)).id)
      const draft = withFixed(subject, await plain(1), first)
      await me.replace(id, draft)
      const kept = difference(subject, draft, (await me.get(id)) ?? {})
      verify(kept === undefined, 'replace', `made get return ${kept}`)
    },
  },
  {
    name: 'replace changes no other resource and makes none',
    section: 'replace',
    run: async ({ subject, me, full, plain, mine, verify }) => {
      const [first, other] = [await full(1), await full(2)]
      const id = String((await me.create(first)).id)
      const otherId = String((await me.create(other)).id)
      await me.replace(id, withFixed(subject, await plain(3), first))
      const changed = difference(subject, other, (await me.get(otherId)) ?? {})
      verify(changed === undefined, 'replace', `of another resource made get return ${changed}`)
      const { totalResults } = await me.list({ filter: mine() })
      verify(totalResults === 2, 'replace', `of one of 2 resources left ${totalResults} resources`)
    },
  },
]

/** A draft with the values of another one in attributes that cannot change, and in those that a router keeps. */
export function withFixed(subject: Subject, draft: JsonObject, before: JsonObject): JsonObject {
  const result = structuredClone(draft)
  const isFixed = (attribute: Attribute): boolean =>
    attribute.mutability === 'immutable' || (isLeft(attribute) && valueIn(result, attribute) === undefined)
  for (const attribute of subject.attributes.filter(isFixed)) assign(result, attribute, valueIn(before, attribute))
  return result
}

/** Whether a router keeps the stored value if a PUT leaves the attribute out. */
export function isLeft(attribute: Attribute): boolean {
  return attribute.keepOnReplace && !isUnreadable(attribute)
}
