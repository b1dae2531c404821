import { ANYTHING, BOOLEAN, type Checks, checkGiven, required, TEXT, TEXTS } from '../check-options.js'
import { SetupError } from '../setup-error.js'
import { didYouMean } from '../suggest.js'
import { mappingFor, stepsFor, type Variant } from './choose.js'
import type { Fault, Field, Guide, MappingRow, Step } from './shared/guide.js'
import { type GuideValues, wordsFor } from './values.js'

/** The choices for a page of a help centre. */
export interface RenderOptions extends Variant {
  /**
   * The level of the first heading, 1 to 4.
   *
   * @defaultValue `1`
   */
  readonly level?: number | undefined
  /**
   * Whether the sources and their dates stand at the end.
   *
   * @defaultValue `true`
   */
  readonly sources?: boolean | undefined
}

const VALUES: Checks<keyof GuideValues> = {
  product: required(TEXT),
  url: required(TEXT),
  token: TEXT,
  tokenUrl: TEXT,
  clientId: TEXT,
  clientSecret: TEXT,
  support: TEXT,
  signIn: ANYTHING,
  attributes: TEXTS,
}

// A kind of application or a method that the guide lacks is refused with those that it has.
const OPTIONS: Checks<keyof RenderOptions> = { app: ANYTHING, method: ANYTHING, level: ANYTHING, sources: BOOLEAN }

/**
 * A guide as a page of Markdown, for a help centre.
 *
 * @throws SetupError for a kind of application or a method that the guide does not have.
 * @example
 * ```ts
 * import { guides, renderGuide } from 'express-scim/guides'
 *
 * const page = renderGuide(guides.entra, { product: 'Acme', url: 'https://app.example/scim/v2' }, { method: 'token' })
 * ```
 */
export function renderGuide(guide: Guide, values: GuideValues, options: RenderOptions = {}): string {
  const of = { owner: 'renderGuide', code: 'ERR_SCIM_OPTION', section: 'guides.md' } as const
  checkGiven(values, VALUES, of)
  checkGiven(options, OPTIONS, of)
  const { level = 1, sources = true } = options
  const page = new Page(values, level)
  page.heading(0, guide.supported ? `Connect ${guide.name} with {product}` : `${guide.name} and {product}`)
  for (const text of guide.intro) page.text(text)
  if (guide.methods.length > 1 && options.method === undefined) page.choices('Methods', guide.methods)
  for (const [index, step] of stepsFor(guide, options).entries()) page.step(index + 1, step, guide, options)
  if (guide.symptoms.length > 0) page.symptoms(guide)
  if (guide.supported) {
    page.heading(1, 'How often changes arrive')
    page.text(guide.cadence)
    page.heading(1, 'Replace the token')
    page.text(guide.rotation)
  }
  if (sources) page.sources(guide)
  return page.toString()
}

/** The page while it grows. */
class Page {
  readonly #parts: string[] = []
  readonly #values: GuideValues
  readonly #words: Readonly<Record<string, string>>
  readonly #level: number

  constructor(values: GuideValues, level: number) {
    this.#values = values
    this.#words = wordsFor(values)
    this.#level = Math.min(Math.max(Math.trunc(level), 1), 4)
  }

  toString(): string {
    return `${this.#parts.join('\n\n')}\n`
  }

  heading(below: number, text: string): void {
    this.#parts.push(`${'#'.repeat(this.#level + below)} ${this.#filled(text)}`)
  }

  text(text: string): void {
    this.#parts.push(this.#filled(text))
  }

  choices(title: string, choices: readonly { readonly title: string; readonly text: string }[]): void {
    this.heading(1, title)
    this.#list(choices.map((choice) => `${this.#filled(choice.title)}: ${this.#filled(choice.text)}`))
  }

  step(number: number, step: Step, guide: Guide, { app }: Variant): void {
    this.heading(1, `${number}. ${step.title}`)
    for (const text of step.texts) this.text(text)
    if (step.id === 'app') this.#apps(guide, app)
    if (step.fields !== undefined) this.#list(step.fields.map((field) => this.#field(field)))
    const rows = mappingFor(step, this.#values)
    if (rows.length > 0) this.#table(['Attribute at the provider', 'Attribute of {product}', 'Do'], rows.map(rowCells))
    if (step.done !== undefined) this.text(`✓ ${step.done}`)
    if (step.faults.length > 0) this.#table(['If', 'Then'], step.faults.map(faultCells))
  }

  symptoms({ name, symptoms }: Guide): void {
    this.heading(1, `What ${name} shows`)
    this.#table(
      ['It shows', 'It means', 'What to do'],
      symptoms.map(({ shows, means, fix }) => [`\`${shows}\``, means, fix]),
    )
  }

  sources({ sources }: Guide): void {
    this.heading(1, 'Sources')
    this.#list(sources.map(({ title, url, checked }) => `[${title}](${url}), read on ${checked}`))
  }

  #apps({ apps }: Guide, wanted: string | undefined): void {
    const shown = wanted === undefined ? apps : apps.filter(({ id }) => id === wanted)
    this.#list(shown.map(({ title, text }) => `${this.#filled(title)}: ${this.#filled(text)}`))
  }

  #field({ label, action, value, note }: Field): string {
    const behind = note === undefined ? '' : ` ${this.#filled(note)}`
    if (action === 'tick') return `**${label}**: on.${behind}`
    if (action === 'untick') return `**${label}**: off.${behind}`
    return `**${label}**: ${this.#typed(value)}${behind}`
  }

  /** A value that is typed stands as code; words that only tell where it comes from do not. */
  #typed(value: string): string {
    const known: Readonly<Record<string, unknown>> = { ...this.#values }
    const name = /^\{(\w+)\}$/.exec(value)?.[1]
    const isWords = name !== undefined && known[name] === undefined
    return isWords ? this.#filled(value) : `\`${this.#filledCode(value)}\``
  }

  #list(items: readonly string[]): void {
    this.#parts.push(items.map((item) => `- ${item}`).join('\n'))
  }

  #table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const line = (cells: readonly string[]): string =>
      `| ${cells.map((cell) => this.#filled(cell).replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`
    this.#parts.push([line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n'))
  }

  #filled(text: string): string {
    // In code a word stands as it is; elsewhere it must not begin a mark of Markdown.
    return text.replace(/`[^`]*`|\{(\w+)\}/g, (found, name: string | undefined) => {
      return name === undefined ? this.#filledCode(found) : inText(this.#word(name))
    })
  }

  #filledCode(code: string): string {
    return code.replace(/\{(\w+)\}/g, (_whole, name: string) => this.#word(name).replaceAll('`', ''))
  }

  #word(name: string): string {
    const word = this.#words[name]
    if (word === undefined) {
      const sentence = `A text of the guide names {${name}}, which has no value.${didYouMean(name, Object.keys(this.#words))}`
      throw new SetupError('ERR_SCIM_OPTION', sentence, 'guides.md#other-words')
    }
    return word
  }
}

function inText(word: string): string {
  return word.replace(/[\\`*_[\]<>|]/g, '\\$&').replace(/\s+/g, ' ')
}

function faultCells({ what, fix }: Fault): readonly string[] {
  return [what, fix]
}

function rowCells({ from, to, action, note = '' }: MappingRow): readonly string[] {
  const words = { keep: 'Keep.', change: 'Change.', add: 'Add, type String.', delete: 'Delete: it is not kept.' }
  return [from === '' ? 'any attribute that holds it' : `\`${from}\``, `\`${to}\``, `${words[action]} ${note}`.trim()]
}
