import type { Attribute } from '../../schema/model/attribute.js'
import type { Bench } from '../kit/bench.js'
import { plainTexts, typedList } from '../kit/choose.js'
import { valueIn } from '../kit/drafts.js'
import { refusalOf } from '../kit/refusal.js'
import type { Rule } from '../kit/rule.js'
import type { Subject } from '../kit/subject.js'
import { compareWithReference, each, placed } from './filter-rule.js'

/** The text attributes that a filter may use: singular ones, and the values of lists. */
function textsOf(subject: Subject): readonly Attribute[] {
  const listed = typedList(subject)?.subAttribute('value')
  return [...plainTexts(subject), ...(listed ? [listed] : [])]
}

export const LOOKUP: readonly Rule[] = [
  {
    name: 'filter: every text is compared letter by letter, with % and _ and * like any other',
    section: 'filter-and-order',
    applies: (subject) => textsOf(subject).length > 0,
    run: async (bench) => {
      for (const attribute of textsOf(bench.subject)) await expectLiteral(bench, attribute)
    },
  },
]

/**
 * Texts that match more than themselves if a store takes them for a pattern of LIKE, of GLOB or of a regular
 * expression.
 */
const PATTERNS = ['.a_b', '.a%b', '.a?b', '.a*b', '.a.b', '.a[X]b', '.a.*b', '.aX\\b', '_aXb']
const WILD = '.a_B%c\\d*e'

async function expectLiteral(bench: Bench, attribute: Attribute): Promise<void> {
  const { me } = bench
  const first = textIn(await bench.full(11), attribute)
  const second = textIn(await bench.full(12), attribute)
  const third = textIn(await bench.full(13), attribute)
  if (first === undefined || second === undefined || third === undefined) return
  const [tame, mixed] = [within(first, '.aXb'), within(second, '.MiXeD')]
  const wild = within(third, WILD)
  // An application may allow fewer characters in its names.
  const [holder, value] = placed(attribute, valued(attribute, wild))[0] as readonly [Attribute, unknown]
  const trial = me.create(await bench.plain(13, [holder, value]))
  const isRefused = (await refusalOf(trial))?.status === 400
  if (!isRefused) await me.delete(String((await trial).id))
  const { path } = attribute
  const values = [tame, mixed, ...(isRefused ? [] : [wild])]
  const ids = await compareWithReference(
    bench,
    attribute,
    values.map((text) => valued(attribute, text)),
    filtersFor(bench.subject, attribute, { first, tame, mixed, wild }),
  )
  for (const id of ids) await me.delete(id)
  if (attribute.caseExact && attribute.parent?.multiValued !== true) {
    // RFC 7643 section 2.2: "the server SHALL preserve case for any value submitted".
    const { id } = await me.create(await bench.plain(12, ...placed(attribute, valued(attribute, mixed))))
    const kept = valueIn((await me.get(String(id))) ?? {}, attribute)
    const told = `gave "${kept}" as "${path}" in place of "${mixed}", though it is caseExact`
    bench.verify(kept === mixed, 'get', told)
    await me.delete(String(id))
  }
}

interface Texts {
  readonly first: string
  readonly tame: string
  readonly mixed: string
  readonly wild: string
}

/**
 * The filters for an attribute: all of them for unique attributes and the mark, by which clients look up; the most
 * telling ones for others.
 */
function filtersFor({ mark }: Subject, attribute: Attribute, { first, tame, mixed, wild }: Texts): readonly string[] {
  const { path, uniqueness } = attribute
  const pattern = (piece: string): string => within(first, piece)
  if (attribute !== mark && uniqueness === 'none') {
    return [
      ...each(path, 'eq', [tame, mixed.toLowerCase(), wild, wild.toUpperCase(), '%']),
      ...each(path, 'eq', ['.a_b', '.a%b', '.a.b'].map(pattern)),
      ...each(path, 'co', ['.a_b', 'b%c\\d']),
    ]
  }
  return [
    ...each(
      path,
      'eq',
      [tame, mixed, wild].flatMap((text) => [text, text.toUpperCase(), text.toLowerCase()]),
    ),
    ...each(path, 'eq', [...PATTERNS.map(pattern), '%', '*', '.*', '']),
    ...each(path, 'eq', [`${mixed}%`, `%${mixed}`, `${mixed} `, `${mixed}.`]),
    ...each(path, 'co', ['.axb', '.mixed', '.a_b', 'b%c', 'c\\d', 'd*e', '.aXb%']),
    ...each(path, 'sw', [tame.slice(0, -1), pattern('.a_b').slice(0, -1)]),
    ...each(path, 'ew', [mixed.slice(1), mixed.slice(1).toUpperCase(), tame.slice(1).replace('aXb', 'a_b')]),
  ]
}

function textIn(draft: object, attribute: Attribute): string | undefined {
  const { parent, name } = attribute
  const found = valueIn(draft, parent?.multiValued ? parent : attribute)
  const value = parent?.multiValued && Array.isArray(found) ? found[0]?.[name] : found
  return typeof value === 'string' ? value : undefined
}

/** A text with a piece inserted before the domain of an address, because an application may require the domain. */
function within(text: string, piece: string): string {
  const at = text.indexOf('@')
  return at < 0 ? `${text}${piece}` : `${text.slice(0, at)}${piece}${text.slice(at)}`
}

function valued({ parent, name }: Attribute, text: string): unknown {
  return parent?.multiValued ? [{ [name]: text }] : text
}
