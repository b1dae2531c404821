import type { Attribute } from '../../schema/model/attribute.js'
import { comparisonKey } from '../../schema/values/compare.js'
import { uniqueTexts } from '../kit/choose.js'
import { difference } from '../kit/compare.js'
import { textIn } from '../kit/drafts.js'
import { isRefusedAsTaken, refusalOf } from '../kit/refusal.js'
import type { Rule } from '../kit/rule.js'
import type { Subject } from '../kit/subject.js'
import { show } from '../kit/violation.js'

const hasUnique = (subject: Subject): boolean => uniqueTexts(subject).length > 0

export const UNIQUENESS: readonly Rule[] = [
  {
    name: 'create refuses a unique value that is in use, and creates nothing',
    section: 'uniqueness',
    applies: hasUnique,
    run: async ({ subject, me, plain, full, mine, verify }) => {
      for (const [index, attribute] of uniqueTexts(subject).entries()) {
        const value = mixed(textIn(await full(index), attribute))
        await me.create(await plain(10 * index, [attribute, value]))
        for (const [number, same] of spellings(attribute, value).entries()) {
          const draft = await plain(10 * index + number + 1, [attribute, same])
          const told = `took ${show(same)} as "${attribute.path}", which another resource has as ${show(value)}`
          verify(await isRefusedAsTaken(me.create(draft)), 'create', `${told}; it throws ScimError.uniqueness()`)
        }
        const { totalResults } = await me.list({ filter: mine() })
        verify(totalResults === index + 1, 'create', `refused a value in use, and left ${totalResults} resources`)
      }
    },
  },
  {
    name: 'values that differ in letter case are different where the attribute is caseExact',
    section: 'uniqueness',
    applies: (subject) => uniqueTexts(subject).some(({ caseExact }) => caseExact),
    run: async ({ subject, me, plain, full, verify }) => {
      for (const attribute of uniqueTexts(subject).filter(({ caseExact }) => caseExact)) {
        const value = textIn(await full(1), attribute)
        await me.create(await plain(1, [attribute, value.toLowerCase()]))
        const refusal = await refusalOf(me.create(await plain(2, [attribute, value.toUpperCase()])))
        verify(
          refusal === undefined,
          'create',
          `refused two values of "${attribute.path}" that differ in case, though it is caseExact`,
        )
      }
    },
  },
  {
    name: 'values that the filter tells apart are different for uniqueness too, and the other way round',
    section: 'uniqueness',
    applies: hasUnique,
    run: async ({ subject, me, plain, full, verify }) => {
      for (const [index, attribute] of uniqueTexts(subject).entries()) {
        const keyOf = comparisonKey(attribute)
        for (const [number, pair] of NEAR.entries()) {
          const base = textIn(await full(20 * index + number), attribute)
          const [one, other] = pair.map((text) => `${text}.${base}`)
          const isSame = keyOf(one) === keyOf(other)
          const holder = String((await me.create(await plain(20 * index + number, [attribute, one]))).id)
          const refusal = await refusalOf(me.create(await plain(20 * index + number + 10, [attribute, other])))
          // An application may allow fewer characters.
          if (refusal !== undefined && refusal.status === 400) continue
          const told = isSame
            ? `took ${show(other)} as "${attribute.path}" beside ${show(one)}, which is the same value`
            : `took ${show(other)} and ${show(one)} for one value of "${attribute.path}": a client that looks up the one would not find the other, and could not create it either`
          verify((refusal?.scimType === 'uniqueness') === isSame, 'create', told)
          const { ids } = await me.list({ filter: `${attribute.path} eq ${JSON.stringify(other)}` })
          verify(
            ids.includes(holder) === isSame,
            'list',
            `${isSame ? 'does not find' : 'finds'} ${show(one)} by ${attribute.path} eq ${show(other)}`,
          )
        }
      }
    },
  },
  {
    name: 'replace and patch refuse a unique value that is in use, and change nothing',
    section: 'uniqueness',
    applies: hasUnique,
    run: async ({ subject, me, full, plain, verify }) => {
      for (const [index, attribute] of uniqueTexts(subject).entries()) {
        const value = mixed(textIn(await full(index), attribute))
        const holder = await me.create(await plain(20 + index, [attribute, value]))
        const draft = await plain(30 + index, [attribute, `${value}.other`])
        const id = String((await me.create(draft)).id)
        for (const same of spellings(attribute, value)) {
          const told = `took ${show(same)} as "${attribute.path}", which another resource has as ${show(value)}`
          const taking = await plain(30 + index, [attribute, same])
          verify(await isRefusedAsTaken(me.replace(id, taking)), 'replace', told)
          const operation = { op: 'replace', path: attribute.path, value: same } as const
          verify(await isRefusedAsTaken(me.patch(id, [operation])), 'patch', told)
          const changed = difference(subject, draft, (await me.get(id)) ?? {})
          verify(changed === undefined, 'replace', `or patch refused a value in use, and made get return ${changed}`)
        }
        await me.delete(String(holder.id))
      }
    },
  },
  {
    name: 'a resource may keep its unique value, spell it otherwise, and free it',
    section: 'uniqueness',
    applies: hasUnique,
    run: async ({ subject, me, full, plain, verify }) => {
      for (const [index, attribute] of uniqueTexts(subject).entries()) {
        const value = textIn(await full(index), attribute)
        const id = String((await me.create(await plain(index, [attribute, value]))).id)
        for (const own of [value, ...spellings(attribute, value)]) {
          const refusal = await refusalOf(me.replace(id, await plain(index, [attribute, own])))
          verify(refusal === undefined, 'replace', `refused a resource its own "${attribute.path}" ${show(own)}`)
        }
        await me.replace(id, await plain(index, [attribute, `${value}.new`]))
        const other = await refusalOf(me.create(await plain(10 + index, [attribute, value])))
        verify(other === undefined, 'create', `refused a "${attribute.path}" that no resource has any more`)
      }
    },
  },
]

/** Pairs of texts that a collation may treat as equal. */
const NEAR = [
  ['jorg', 'jörg'],
  ['jÖrg', 'JöRG'],
  ['strasse', 'straße'],
  ['resume', 'résumé'],
  ['ilker', 'ılker'],
  ['anna', 'аnna'],
  ['l-o', 'ł-o'],
] as const

/** A value in mixed case: the stored value need not be in upper or lower case. */
function mixed(value: string): string {
  return [...value].map((letter, index) => (index % 2 === 0 ? letter.toUpperCase() : letter.toLowerCase())).join('')
}

/** Spellings that are the same value of the attribute. */
function spellings({ caseExact }: Attribute, value: string): readonly string[] {
  const all = caseExact ? [value] : [value, value.toUpperCase(), value.toLowerCase()]
  return [...new Set(all)]
}
