import type { JsonObject } from '../../schema/model/resource.js'
import { versionIn, versionOf } from '../kit/answers.js'
import type { Bench } from '../kit/bench.js'
import { freeText } from '../kit/choose.js'
import { difference } from '../kit/compare.js'
import { assign } from '../kit/drafts.js'
import type { Rule } from '../kit/rule.js'
import type { Subject } from '../kit/subject.js'
import { show } from '../kit/violation.js'

export const hasVersions = ({ supports }: Subject): boolean => supports.versions === true

/** Drafts of one resource that differ in a text. */
export async function variant({ subject, plain }: Bench, text: string): Promise<JsonObject> {
  const draft = await plain(1)
  const attribute = freeText(subject, false) ?? freeText(subject, true)
  if (attribute && attribute !== subject.mark) assign(draft, attribute, text)
  else assign(draft, subject.mark, `${draft[subject.mark.name]} ${text}`)
  return draft
}

/** A patch that sets the same text. */
export function textPatch({ subject }: Bench, text: string, draft: JsonObject) {
  const attribute = freeText(subject, false) ?? freeText(subject, true)
  const own = attribute !== undefined && attribute !== subject.mark
  const value = own ? text : `${draft[subject.mark.name]} ${text}`
  return [{ op: 'replace', path: (own ? attribute : subject.mark).path, value }] as const
}

export const VERSIONS: readonly Rule[] = [
  {
    name: 'every callback gives the same version of a resource',
    section: 'versions',
    applies: hasVersions,
    run: async (bench) => {
      const { me, mine, verify } = bench
      const created = await me.create(await variant(bench, 'a'))
      const id = String(created.id)
      const replaced = await me.replace(id, await variant(bench, 'b'))
      const version = typeof replaced === 'object' ? versionOf(replaced) : undefined
      verify(version !== versionOf(created), 'replace', `left the version at ${show(version)}`)
      const found = versionOf((await me.get(id)) ?? {})
      verify(found === version, 'get', `gave version ${show(found)} when replace had given ${show(version)}`)
      const [listed] = (await me.list({ filter: mine() })).resources
      const told = listed && versionOf(listed)
      verify(told === version, 'list', `gave version ${show(told)} when replace had given ${show(version)}`)
    },
  },
  {
    name: 'no two states of a resource have the same version',
    section: 'versions',
    applies: hasVersions,
    run: async (bench) => {
      const { me, verify } = bench
      const draft = await variant(bench, 'a')
      const created = await me.create(draft)
      const id = String(created.id)
      const seen = new Set([versionOf(created)])
      const note = (callback: string, version: string | undefined): void => {
        const told = `gave version ${show(version)}, which an earlier state had: a client could write over a change`
        verify(!seen.has(version), callback, told)
        seen.add(version)
      }
      // The same contents occur again within a short time: a hash or a coarse clock would repeat a version.
      for (let round = 0; round < 6; round += 1) {
        const text = round % 2 === 0 ? 'b' : 'a'
        const replaced = await me.replace(id, await variant(bench, text))
        note('replace', typeof replaced === 'object' ? versionOf(replaced) : undefined)
        const patched = await me.patch(id, textPatch(bench, `patched ${text}`, draft))
        note('patch', typeof patched === 'object' ? String(patched.version) : undefined)
      }
    },
  },
  {
    name: 'a condition that does not hold answers stale and changes nothing',
    section: 'versions',
    applies: hasVersions,
    run: async (bench) => {
      const { subject, me, mine, verify } = bench
      const draft = await variant(bench, 'a')
      const old = await me.create(draft)
      const id = String(old.id)
      const stale = [versionIn(old)]
      const current = await variant(bench, 'b')
      await me.replace(id, current)
      const before = await me.get(id)
      for (const ifMatch of [stale, [], ['no-such-version'], ['0'], ["'"]]) {
        const condition = `for ifMatch ${show(ifMatch)} at version ${show(before && versionOf(before))}`
        if (before && ifMatch.includes(versionIn(before))) continue
        const replaced = await me.replace(id, await variant(bench, 'c'), ifMatch)
        verify(replaced === 'stale', 'replace', `gave ${show(replaced)} ${condition}, not 'stale'`)
        const patched = await me.patch(id, textPatch(bench, 'd', draft), ifMatch)
        verify(patched === 'stale', 'patch', `gave ${show(patched)} ${condition}, not 'stale'`)
        const deleted = await me.delete(id, ifMatch)
        verify(deleted === 'stale', 'delete', `gave ${show(deleted)} ${condition}, not 'stale'`)
        const after = await me.get(id)
        verify(after !== undefined, 'delete', "has deleted, though it answered 'stale'")
        const changed = difference(subject, current, after ?? {})
        verify(changed === undefined, 'replace', `or patch answered 'stale' and made get return ${changed}`)
        const version = versionOf(after ?? {})
        verify(
          version === versionOf(before ?? {}),
          'replace',
          `or patch answered 'stale' and made version ${show(version)}`,
        )
        const { totalResults } = await me.list({ filter: mine() })
        verify(totalResults === 1, 'replace', `answered 'stale' and left ${totalResults} resources`)
      }
    },
  },
  {
    name: 'a condition holds if one of its versions is the current one',
    section: 'versions',
    applies: hasVersions,
    run: async (bench) => {
      const { me, verify } = bench
      const draft = await variant(bench, 'a')
      const id = String((await me.create(draft)).id)
      const present = async (): Promise<string[]> => {
        const version = versionIn((await me.get(id)) ?? {})
        return ['some-other-version', version]
      }
      const replaced = await me.replace(id, await variant(bench, 'b'), await present())
      verify(typeof replaced === 'object', 'replace', `gave ${show(replaced)} though ifMatch names the present version`)
      const patched = await me.patch(id, textPatch(bench, 'c', draft), await present())
      verify(typeof patched === 'object', 'patch', `gave ${show(patched)} though ifMatch names the present version`)
      const deleted = await me.delete(id, await present())
      verify(deleted === true, 'delete', `gave ${show(deleted)} though ifMatch names the present version`)
    },
  },
]
