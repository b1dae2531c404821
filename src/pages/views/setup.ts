import type { Connection } from '../../connections/index.js'
import {
  type Entry,
  type Fault,
  fillText,
  type Guide,
  type GuideValues,
  mappingFor,
  type Step,
  stepsFor,
  type Variant,
} from '../../guides/index.js'
import type { StepView } from '../contract/contract.js'
import type { Settings } from '../request/options.js'
import type { Arrival } from './arrivals.js'
import { tokenUrlOf } from './connection.js'
import type { Notes } from './notes.js'

/** Everything from which the steps of a set-up are made. */
export interface SetupFacts {
  readonly settings: Settings
  readonly guide: Guide
  readonly connection: Connection
  readonly notes: Notes
  /** The requests of the connection, oldest first. */
  readonly entries: readonly Arrival[]
  /** Paths of the attributes that are kept. */
  readonly attributes: readonly string[]
}

/** The steps of the guide: which are done, and what went wrong. */
export function stepViews(facts: SetupFacts): readonly StepView[] {
  const { guide, notes, entries } = facts
  const steps = stepsFor(guide, variantOf(facts))
  const seen = steps.map((step) => firstSeen(step, entries) ?? noted(step, notes))
  const reached = new Set(steps.slice(0, steps.findIndex(({ id }) => id === notes.step) + 1).map(({ id }) => id))
  return steps.map((step, index) => {
    const values = valuesOf(facts)
    const filled = (text: string): string => fillText(text, values)
    const evidence = seen[index]
    const isTicked = notes.ticked?.includes(step.id) ?? false
    return {
      id: step.id,
      title: filled(step.title),
      texts: step.texts.map(filled),
      fields: (step.fields ?? []).map((field) => ({
        ...field,
        label: filled(field.label),
        value: filled(field.value),
        secret: secretOf(field.value),
        note: field.note && filled(field.note),
      })),
      mapping: mappingFor(step, values).map(({ signIn: _signIn, ...row }) => ({
        ...row,
        note: row.note && filled(row.note),
      })),
      done: step.done && filled(step.done),
      ticks: step.seen !== undefined,
      state: evidence ? 'seen' : isTicked ? 'ticked' : 'open',
      at: evidence?.at,
      entry: evidence?.entry,
      notices: noticesOf(facts, faultsAt(step, reached), values, sinceOf(facts, step, seen.slice(0, index))),
      faults: step.faults.map(({ id, what, fix }) => ({ id, what: filled(what), fix: filled(fix) })),
    }
  })
}

/** A step without the faults that are none any more at the step that the set-up has reached. */
function faultsAt(step: Step, reached: ReadonlySet<string>): Step {
  return { ...step, faults: step.faults.filter(({ until }) => until === undefined || !reached.has(until)) }
}

interface Evidence {
  readonly at: string
  readonly entry: string
}

function firstSeen(step: Step, entries: readonly Arrival[]): Evidence | undefined {
  const index = step.seen === undefined ? -1 : entries.findIndex((entry, at) => step.seen?.(entry, before(entries, at)))
  const entry = entries[index]
  return entry?.key === undefined ? undefined : { at: entry.time.toISOString(), entry: entry.key }
}

function noted({ id }: Step, { seen }: Notes): Evidence | undefined {
  return seen && Object.hasOwn(seen, id) ? seen[id] : undefined
}

// Guides look back at earlier requests. To copy all of them for each entry would be work in proportion to their square.
function before(entries: readonly Arrival[], index: number): readonly Entry[] {
  return index > 200 ? entries.slice(index - 200, index) : entries.slice(0, index)
}

/**
 * Since when nothing has come though it should: since the set-up stands at the step, or since the step before was seen.
 */
function sinceOf({ notes }: SetupFacts, step: Step, earlier: readonly (Evidence | undefined)[]): number | undefined {
  const times = [
    ...(notes.step === step.id && notes.stepAt !== undefined ? [Date.parse(notes.stepAt)] : []),
    ...earlier.slice(-1).flatMap((evidence) => (evidence ? [Date.parse(evidence.at)] : [])),
  ]
  return times.length === 0 ? undefined : Math.max(...times)
}

function noticesOf(
  { settings, connection, entries }: SetupFacts,
  step: Step,
  values: GuideValues,
  since: number | undefined,
): StepView['notices'] {
  const found: (StepView['notices'][number] & { readonly order: number })[] = []
  const lastSeen =
    step.seen === undefined ? -1 : entries.findLastIndex((one, at) => step.seen?.(one, before(entries, at)))
  for (const fault of step.faults) {
    const index =
      fault.seen === undefined ? -1 : entries.findLastIndex((one, at) => fault.seen?.(one, before(entries, at)))
    const entry = entries[index]
    if (entry !== undefined) {
      const isOver =
        entry.status === 401 ? entries.slice(index + 1).some(({ status }) => status !== 401) : lastSeen > index
      if (isOver) continue
      const text = said(fault, values, occasionOf(entry, entries, fault, connection))
      found.push({ id: fault.id, text, at: entry.last.toISOString(), entry: entry.key, order: index })
    } else if (fault.after !== undefined && since !== undefined && lastSeen < 0) {
      const isSilent = !entries.some((one) => one.time.getTime() > since)
      if (isSilent && settings.now() - since >= fault.after * 1_000) {
        found.push({ id: fault.id, text: fillText(fault.fix, values), order: entries.length })
      }
    }
  }
  return found.sort((one, other) => other.order - one.order).map(({ order: _order, ...notice }) => notice)
}

/** `say` if everything in it is known, else `fix`. `{time}` stays: the page writes it in the reader's own way. */
function said({ say, fix }: Fault, values: GuideValues, occasion: Readonly<Record<string, string>>): string {
  if (say === undefined) return fillText(fix, values)
  const text = fillText(say, values, occasion)
  return /\{\w+\}/.test(text.replaceAll('{time}', '')) ? fillText(fix, values) : text
}

function occasionOf(
  entry: Arrival,
  entries: readonly Arrival[],
  fault: Fault,
  { credentials }: Connection,
): Readonly<Record<string, string>> {
  const expected = credentials.findLast(({ state }) => state === 'live')?.hint
  const count = entries.filter((one, at) => fault.seen?.(one, before(entries, at))).length
  return {
    ...(entry.attribute !== undefined && { attribute: entry.attribute }),
    ...(expected !== undefined && { expected }),
    // A token that was changed in its middle ends as it must.
    ...(entry.refusal?.ending !== undefined && entry.refusal.ending !== expected && { ends: entry.refusal.ending }),
    // The first person to come was the test person.
    ...(fault.id === 'everybody' && { count: String(count + 1) }),
  }
}

/**
 * The steps of one variant of the guide are shown: of the chosen one, else of the first one that the product offers.
 * Steps that exclude each other never stand in one list.
 */
function variantOf({ guide, notes, connection, settings }: SetupFacts): Variant {
  const kind = guide.apps.find(({ id }) => id === notes.app) ?? guide.apps[0]
  const fitting = guide.methods.filter(({ id }) => kind?.methods === undefined || kind.methods.includes(id))
  const wanted = [notes.method, connection.method, ...settings.methods]
  const [way] = wanted.flatMap(
    (name) => fitting.find(({ id }) => id === name || (id === 'header' && name === 'token')) ?? [],
  )
  return { ...(kind && { app: kind.id }), ...(way && { method: way.id }) }
}

function valuesOf({ settings, connection, attributes }: SetupFacts): GuideValues {
  const { product } = settings
  return {
    product: product.name,
    url: connection.url,
    tokenUrl: tokenUrlOf(settings),
    clientId: connection.id,
    support: product.support,
    signIn: product.signIn,
    attributes,
  }
}

function secretOf(value: string): 'token' | 'clientSecret' | undefined {
  if (value.includes('{token}')) return 'token'
  return value.includes('{clientSecret}') ? 'clientSecret' : undefined
}
