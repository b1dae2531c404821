import { SetupError } from '../setup-error.js'
import { didYouMean } from '../suggest.js'
import type { Guide } from './shared/guide.js'

/** Members of a guide that are texts for people, or lists of them. */
const TEXTS: ReadonlySet<string> = new Set([
  ...['name', 'intro', 'title', 'text', 'texts', 'done', 'what', 'fix', 'say', 'note', 'label', 'shows', 'means'],
  ...['cadence', 'rotation'],
])

/** Lists whose elements are known by their `id`. */
const LISTS: ReadonlySet<string> = new Set([
  ...['apps', 'methods', 'steps', 'fields', 'mapping', 'faults', 'symptoms', 'sources'],
])

/**
 * All texts of a guide by key, for translation or for words of one's own: `entra.steps.test.title`,
 * `entra.steps.token.faults.cutToken.say`. Values to paste or to type are no texts.
 *
 * @example
 * ```ts
 * import { guides, textsOf } from 'express-scim/guides'
 *
 * console.log(textsOf(guides.okta)['okta.steps.assign.title'])
 * ```
 */
export function textsOf(guide: Guide): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  mapTexts(guide, guide.id, (text, key) => {
    found[key] = text
    return text
  })
  return found
}

/**
 * A copy of a guide with other texts, by the keys of {@link textsOf}.
 *
 * @throws SetupError for a key that the guide does not have.
 * @example
 * ```ts
 * import { guides, withTexts } from 'express-scim/guides'
 *
 * const german = withTexts(guides.okta, { 'okta.steps.assign.title': 'Eine Person zuweisen' })
 * ```
 */
export function withTexts(guide: Guide, texts: Readonly<Record<string, string>>): Guide {
  const left = new Set(Object.keys(texts))
  const changed = mapTexts(guide, guide.id, (text, key) => {
    left.delete(key)
    return texts[key] ?? text
  })
  const [unknown] = left
  if (unknown !== undefined) {
    const suggestion = didYouMean(unknown, Object.keys(textsOf(guide)))
    throw new SetupError(
      'ERR_SCIM_OPTION',
      `Guide ${guide.id} has no text "${unknown}"; textsOf(guide) lists the keys.${suggestion}`,
      'guides.md#other-words',
    )
  }
  return changed
}

function mapTexts<T extends object>(owner: T, key: string, change: (text: string, key: string) => string): T {
  const entries = Object.entries(owner).map(([name, value]: [string, unknown]) => {
    const place = `${key}.${name}`
    if (TEXTS.has(name)) return [name, mapText(value, place, change)]
    if (!LISTS.has(name) || !isListOfParts(value)) return [name, value]
    return [name, value.map((part) => mapTexts(part, `${place}.${part.id}`, change))]
  })
  return Object.fromEntries(entries)
}

function mapText(value: unknown, key: string, change: (text: string, key: string) => string): unknown {
  if (typeof value === 'string') return change(value, key)
  if (!Array.isArray(value)) return value
  return value.map((text: string, index) => change(text, `${key}.${index + 1}`))
}

function isListOfParts(value: unknown): value is readonly { readonly id: string }[] {
  // A list of ids, such as the methods of a step, has no texts.
  return Array.isArray(value) && value.every((part) => typeof part === 'object')
}
