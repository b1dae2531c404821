import type { Stored } from '../../adapter/contract.js'
import { toPredicate } from '../../filter/evaluate.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { Bench } from '../kit/bench.js'
import { valueIn } from '../kit/drafts.js'
import { boundFilter } from '../kit/query.js'
import { type Rule, ruleAbout } from '../kit/rule.js'
import type { Subject } from '../kit/subject.js'
import { show } from '../kit/violation.js'

/** A value as a literal of a filter. */
export const quote = (value: unknown): string => JSON.stringify(value)
/** A filter for each operator and value. */
export const each = (path: string, operators: string, values: readonly unknown[]): string[] =>
  operators.split(' ').flatMap((operator) => values.map((value) => `${path} ${operator} ${quote(value)}`))

/**
 * A rule about filters: stores resources with different values of one attribute, and compares the matches of filters.
 */
export function filterRule(
  name: string,
  pick: (subject: Subject) => Attribute | undefined,
  values: (bench: Bench, attribute: Attribute) => Promise<readonly unknown[]> | readonly unknown[],
  filters: (path: string, values: readonly unknown[]) => readonly string[],
): Rule {
  return ruleAbout({
    name: `filter: ${name}`,
    section: 'filter-and-order',
    part: pick,
    run: async (bench, attribute) => {
      const all = await values(bench, attribute)
      // A required attribute cannot be missing from a resource.
      const given = all.filter(
        (value) => value !== undefined || !(attribute.required || attribute === bench.subject.mark),
      )
      await compareWithReference(bench, attribute, given, filters(attribute.path, given))
    },
  })
}

/** Stores one resource for each value, and compares the matches of each filter with the reference. Returns the ids. */
export async function compareWithReference(
  { subject, me, plain, mine, verify }: Bench,
  attribute: Attribute,
  values: readonly unknown[],
  filters: readonly string[],
): Promise<readonly string[]> {
  const stored: Stored[] = []
  for (const [number, value] of values.entries()) {
    const { id } = await me.create(await plain(number, ...placed(attribute, value)))
    stored.push((await me.get(String(id))) ?? { id })
  }
  for (const filter of filters) {
    const matches = toPredicate(boundFilter(subject.schema, filter))
    const expected = stored.filter(matches).map(({ id }) => String(id))
    const { ids, totalResults } = await me.list({ filter: mine(filter), count: 100 })
    const shown = (id: string): string => show(valueIn(stored.find((one) => String(one.id) === id) ?? {}, attribute))
    const missing = expected.find((id) => !ids.includes(id))
    verify(missing === undefined, 'list', `does not find ${shown(missing ?? '')} by the filter ${filter}`)
    const wrong = ids.find((id) => !expected.includes(id))
    verify(wrong === undefined, 'list', `finds ${shown(wrong ?? '')} by the filter ${filter}`)
    const told = `gave totalResults ${totalResults} and ${ids.length} resources for the filter ${filter}`
    verify(totalResults === ids.length, 'list', told)
  }
  return stored.map(({ id }) => String(id))
}

/** The entry of a draft for a value. The value of a sub-attribute becomes part of the complex attribute. */
export function placed(attribute: Attribute, value: unknown): readonly (readonly [Attribute, unknown])[] {
  const { parent } = attribute
  if (parent === undefined) return [[attribute, value]]
  if (parent.multiValued) return [[parent, value]]
  return [[parent, value === undefined ? undefined : { [attribute.name]: value }]]
}
