import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { difference } from '../kit/compare.js'
import { assign, valueIn } from '../kit/drafts.js'
import type { Rule } from '../kit/rule.js'
import type { Subject } from '../kit/subject.js'
import { show } from '../kit/violation.js'
import { quote } from './filter-rule.js'
import { isLeft } from './replace.js'

/** The attributes that a client may clear: not required, and without a default. */
function clearable({ attributes }: Subject): readonly Attribute[] {
  return attributes.filter(
    (attribute) =>
      attribute.mutability === 'readWrite' &&
      !attribute.required &&
      !isUnreadable(attribute) &&
      (attribute.default ?? undefined) === undefined &&
      !(isLeft(attribute) && attribute.type !== 'boolean'),
  )
}

export const SINGLE: readonly Rule[] = [
  {
    name: 'each attribute is cleared and replaced by itself, by replace and by patch',
    section: 'replace',
    applies: (subject) => clearable(subject).length > 0,
    run: async ({ subject, me, full, verify }) => {
      const [first, second] = [await full(1), await full(2)]
      const id = String((await me.create(first)).id)
      for (const attribute of clearable(subject)) {
        const { path } = attribute
        const [old, other] = [valueIn(first, attribute), valueIn(second, attribute)]
        if (old === undefined || other === undefined) continue
        const expect = async (expected: JsonObject, callback: string, done: string): Promise<void> => {
          const wrong = difference(subject, expected, (await me.get(id)) ?? {})
          verify(wrong === undefined, callback, `${done} "${path}" made get return ${wrong}`)
          if (!isPlainText(attribute)) return
          for (const text of [old, other]) {
            const { ids } = await me.list({ filter: `${path} eq ${quote(text)}` })
            const isMatch = valueIn(expected, attribute) === text
            const told = `${isMatch ? 'does not find' : 'finds'} by ${path} eq ${show(text)} what ${callback} ${done} it has ${isMatch ? '' : 'no more'}`
            verify(ids.includes(id) === isMatch, 'list', told.trimEnd())
          }
        }
        const without = structuredClone(first)
        assign(without, attribute, undefined)
        const changed = structuredClone(first)
        assign(changed, attribute, structuredClone(other))
        if (!isLeft(attribute)) {
          await me.replace(id, without)
          await expect(without, 'replace', 'without')
        }
        await me.replace(id, changed)
        await expect(changed, 'replace', 'with another')
        await me.patch(id, [{ op: 'replace', path, value: old }])
        await expect(first, 'patch', 'that replaces')
        if (!isLeft(attribute)) {
          await me.patch(id, [{ op: 'remove', path }])
          await expect(without, 'patch', 'that removes')
          await me.patch(id, [{ op: 'add', path, value: old }])
          await expect(first, 'patch', 'that adds')
        }
      }
    },
  },
]

function isPlainText({ type, multiValued }: Attribute): boolean {
  return type === 'string' && !multiValued
}
