import { hasProperties } from '../../is-object.js'
import { SetupError } from '../../setup-error.js'
import type { Sequence } from './sequence.js'

const LOCAL = '{name}'
const RUN = `\${run}`

/**
 * A sequence with user names in the form that an application requires: `{name}` of the template stands for the recorded
 * user name up to its `@`. A user name is replaced wherever it occurs, also in filters, expectations and mail
 * addresses. Throws a {@link SetupError} for a template that gives all users the same name.
 */
export function renameUsers(sequence: Sequence, template: string | undefined): Sequence {
  if (template === undefined) return sequence
  if (!template.includes(LOCAL)) {
    throw new SetupError('ERR_SCIM_OPTION', `Option userName must contain ${LOCAL}, as in "${LOCAL}@corp.example".`)
  }
  const names = new Set<string>()
  collect(sequence.steps, names)
  for (const [name, value] of Object.entries(sequence.vars ?? {})) {
    // A user name may be generated before the first step: `{ "userName": "Test_User_${uuid:upn}" }`.
    if (names.delete(`\${${name}}`)) names.add(value)
  }
  const spellings = [...names].flatMap((name) => {
    const renamed = template.replaceAll(LOCAL, name.replace(/@.*/s, ''))
    return [[name, renamed] as const, [capitals(name), capitals(renamed)] as const]
  })
  const change = (text: string): string => {
    const found = spellings.find(([name]) => name === text)
    if (found) return found[1]
    // In a filter the name is in quotes, percent-encoded in one of two ways.
    return spellings.reduce((whole, [name, renamed]) => {
      const forms = [
        ['"', '"', (one: string) => one] as const,
        ['%22', '%22', encoded] as const,
        ['%22', '%22', (one: string) => one] as const,
      ]
      return forms.reduce(
        (all, [open, close, write]) =>
          all.replaceAll(`${open}${write(name)}${close}`, `${open}${write(renamed)}${close}`),
        whole,
      )
    }, text)
  }
  return mapTexts(sequence, change) as Sequence
}

/** Collects every text that a request sends as userName. */
function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) for (const one of value) collect(one, names)
  if (!hasProperties(value)) return
  const { path, value: given } = value
  if (typeof path === 'string' && path.toLowerCase() === 'username' && typeof given === 'string') names.add(given)
  for (const [key, part] of Object.entries(value)) {
    if (key.toLowerCase() === 'username' && typeof part === 'string') names.add(part)
    else collect(part, names)
  }
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, mapTexts(part, change)]))
}

/** The template in capitals: `${RUN}` is `${run}` in capitals. */
function capitals(template: string): string {
  return template.replace(/\$\{run\}|[^$]+|\$/g, (part) =>
    part === RUN ? RUN.replace('run', 'RUN') : part.toUpperCase(),
  )
}

/** Percent-encoded, except for the placeholders. */
function encoded(template: string): string {
  return template.replace(/\$\{[^}]*\}|[^$]+|\$/g, (part) => (part.startsWith('${') ? part : encodeURIComponent(part)))
}
