import type { Explainable, Situation } from './situation.js'
import { situations } from './situations.js'

/** The options of {@link explain}. */
export interface ExplainOptions {
  /**
   * The situations to look through, the first that applies: `[...mine, ...situations]`.
   *
   * @defaultValue `situations`
   */
  readonly table?: readonly Situation[]
  /**
   * Texts in place of those of the table, by the name of the situation: another language, or the words of your product.
   *
   * @defaultValue none
   */
  readonly texts?: Readonly<
    Record<string, { readonly sentence?: string; readonly hint?: string; readonly link?: string }>
  >
}

/** An entry of the log in words for the customer's administrator. */
export interface Explanation {
  /** The name of the situation; `'plain'` if no rule fits the entry. */
  readonly situation: string
  /** One sentence about what happened. */
  readonly sentence: string
  /** What to do; empty if nothing is to be done. */
  readonly hint: string
  /**
   * Where it is explained at length, a section in the folder docs of this package: `journal.md#baseurl`. Give URLs of
   * your own by `texts`. Undefined if no rule knows the entry.
   */
  readonly link: string | undefined
}

/**
 * Explains a request in words: its result, and the remedy.
 *
 * @example
 * ```ts
 * import { explain } from 'express-scim/journal'
 *
 * const { sentence, hint } = explain({ method: 'GET', path: '/Users/Users', status: 404, code: 'baseUrl' })
 * console.log(sentence, hint)
 * // The address in the identity provider is wrong: the request came to /Users/Users. Copy the address again. …
 * ```
 */
export function explain(entry: Explainable, { table = situations, texts = {} }: ExplainOptions = {}): Explanation {
  const found = table.find(({ applies }) => applies(entry))
  if (found === undefined) return { situation: 'plain', sentence: plain(entry), hint: '', link: undefined }
  const text = { ...found, ...texts[found.name] }
  return {
    situation: found.name,
    sentence: filled(text.sentence, entry),
    hint: filled(text.hint, entry),
    link: text.link,
  }
}

const DONE: Readonly<Record<string, string>> = {
  create: 'created',
  replace: 'replaced',
  patch: 'changed',
  delete: 'deleted',
  retrieve: 'read',
  list: 'searched',
}

function plain({ method, path, status, action, resourceType, count }: Explainable): string {
  const done = action === undefined ? undefined : DONE[action]
  if (status < 400 && done !== undefined && resourceType !== undefined) {
    const found = count === undefined ? '' : `, ${count} found`
    return `${resourceType} ${done}${found}.`
  }
  return `${`${method} ${path}`.trim() || 'A request'} was answered with ${status}.`
}

/** Fills in values of the entry. A value that it does not have becomes a word that fits. */
function filled(text: string, entry: Explainable): string {
  const names = (entry.tolerated ?? []).flatMap(({ attribute }) => attribute ?? [])
  const bulk = entry.bulk ?? []
  const values: Readonly<Record<string, string>> = {
    type: entry.resourceType ?? 'resource',
    attribute: entry.attribute ?? 'the attribute',
    path: entry.path,
    query: entry.query ?? 'a search',
    names: [...new Set(names)].join(', ') || 'some attributes',
    failed: String(bulk.filter(({ status }) => status >= 400).length),
    operations: String(bulk.length),
  }
  return text.replace(/\{(\w{1,20})\}/g, (whole, name: string) => values[name] ?? whole)
}
