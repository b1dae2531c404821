import { SetupError } from '../setup-error.js'
import { didYouMean } from '../suggest.js'
import type { Fault, Guide, MappingRow, Method, Step } from './shared/guide.js'
import type { GuideValues } from './values.js'

/** Which of the variants of a guide is wanted. */
export interface Variant {
  /** The kind of application, by its id. */
  readonly app?: string | undefined
  /** The kind of credential. */
  readonly method?: Method | undefined
}

/**
 * The steps of a guide for one kind of application and one method, in order. Without a kind or a method the steps of
 * all of them are there.
 *
 * @throws SetupError for a kind of application or a method that the guide does not have, and for two that do not go
 * together.
 * @example
 * ```ts
 * import { guides, stepsFor } from 'express-scim/guides'
 *
 * const titles = stepsFor(guides.entra, { app: 'saml', method: 'token' }).map((step) => step.title)
 * ```
 */
export function stepsFor(guide: Guide, { app, method }: Variant = {}): readonly Step[] {
  refuseUnknown(guide, 'app', guide.apps, app)
  refuseUnknown(guide, 'method', guide.methods, method)
  const offered = guide.apps.find(({ id }) => id === app)?.methods
  if (method !== undefined && offered !== undefined && !offered.includes(method)) {
    throw missing(`Guide ${guide.id}: the kind "${app}" has no method "${method}"; it has ${offered.join(', ')}.`)
  }
  return guide.steps.filter(
    ({ apps, methods }) =>
      (app === undefined || apps === undefined || apps.includes(app)) &&
      (method === undefined || methods === undefined || methods.includes(method)),
  )
}

function refuseUnknown(guide: Guide, what: string, known: readonly { id: string }[], given: string | undefined): void {
  if (given === undefined || known.some(({ id }) => id === given)) return
  const ids = known.map(({ id }) => id)
  const others = ids.length === 0 ? '.' : `; it has ${ids.join(', ')}.${didYouMean(given, ids)}`
  throw missing(`Guide ${guide.id} has no ${what} "${given}"${others}`)
}

function missing(sentence: string): SetupError {
  return new SetupError('ERR_SCIM_OPTION', sentence, 'guides.md#parts-of-a-guide')
}

/**
 * The rows of a mapping for an application: those of its way of signing in, rows to delete for attributes that it does
 * not keep, and rows to add for attributes of its own extensions.
 */
export function mappingFor(
  step: Step,
  { signIn = 'userName', attributes }: Partial<GuideValues>,
): readonly MappingRow[] {
  const rows = (step.mapping ?? []).filter((row) => row.signIn === undefined || row.signIn === signIn)
  if (attributes === undefined || rows.length === 0) return rows
  const kept = new Set(attributes.map((path) => path.toLowerCase()))
  const told = rows.map((row): MappingRow => (isKept(row.to, kept) ? row : { ...row, action: 'delete' }))
  // A row for an attribute is one for its parts too: `manager` for `manager.value`.
  const mapped = rows.map(({ to }) => to.toLowerCase())
  const own = attributes.filter((path) => {
    const lower = path.toLowerCase()
    return lower.startsWith('urn:') && !mapped.some((to) => lower === to || lower.startsWith(`${to}.`))
  })
  return [...told, ...own.map((path): MappingRow => ({ id: path, from: '', to: path, action: 'add' }))]
}

/** Whether an attribute, a part of it, or the attribute of which it is a part is kept. */
function isKept(path: string, kept: ReadonlySet<string>): boolean {
  const lower = path.toLowerCase().replace(/\[[^[\]]*\]/g, '')
  if ([...kept].some((one) => one === lower || one.startsWith(`${lower}.`))) return true
  const last = lower.lastIndexOf('.')
  // The dot of a URN such as core:2.0 is none between an attribute and its part.
  return last > lower.lastIndexOf(':') && kept.has(lower.slice(0, last))
}

/** The faults of a step that one request shows. */
export function faultsSeen(step: Step, ...seen: Parameters<NonNullable<Step['seen']>>): readonly Fault[] {
  return step.faults.filter((fault) => fault.seen?.(...seen) ?? false)
}
