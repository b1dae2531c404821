import { isObject } from './is-object.js'
import { type SetupCode, SetupError } from './setup-error.js'
import { didYouMean } from './suggest.js'

/** Throws a {@link SetupError} with the sentence if an option is wrong. */
export function refuse(isWrong: boolean, sentence: string): void {
  if (isWrong) throw new SetupError('ERR_SCIM_OPTION', sentence)
}

/** The accepted values of one option. */
export interface Check {
  /** The words of the message behind "must be": `a function`. */
  readonly expects: string
  readonly accepts: (value: unknown) => boolean
  /** The option must be given; a text says why. */
  readonly required?: true | string
  /** The texts that it takes, for a suggestion. */
  readonly words?: readonly string[]
  /**
   * How a message calls a value of the right kind that is refused all the same; undefined: by its kind. Never a secret.
   */
  readonly shows?: (value: unknown) => string | undefined
  /**
   * The checks of its own keys, if the value is an object, or a function that chooses them; of each value, if it is a
   * list.
   */
  readonly keys?: Checks | ((value: object) => Checks)
  /** The check of each value of an object whose keys are free. */
  readonly values?: Check
  /** The code of the error; without it that of the options as a whole. */
  readonly code?: SetupCode
}

/** The checks of an object, by its keys. `satisfies Checks<keyof Options>` finds the key that has none. */
export type Checks<Key extends string = string> = Readonly<Record<Key, Check>>

export const FUNCTION: Check = { expects: 'a function', accepts: (value) => typeof value === 'function' }
export const BOOLEAN: Check = { expects: 'a boolean', accepts: (value) => typeof value === 'boolean' }
export const TEXT: Check = { expects: 'a string', accepts: (value) => typeof value === 'string' }
export const LIST: Check = { expects: 'an array', accepts: Array.isArray }
export const OBJECT: Check = { expects: 'an object', accepts: isObject }
export const ANYTHING: Check = { expects: 'a value', accepts: () => true }
export const TRUE: Check = { expects: 'true', accepts: (value) => value === true }
export const SCALAR: Check = {
  expects: 'a string, a number or a boolean',
  accepts: (value) => ['string', 'number', 'boolean'].includes(typeof value),
}
export const COUNT: Check = {
  expects: 'a whole number of 1 or more',
  accepts: (value) => Number.isSafeInteger(value) && Number(value) > 0,
  shows: numberShown,
}
export const TEXTS: Check = {
  expects: 'an array of strings',
  accepts: (value) => Array.isArray(value) && value.every((text) => typeof text === 'string'),
  shows: (value) => {
    const other = Array.isArray(value) ? value.findIndex((text) => typeof text !== 'string') : -1
    return Array.isArray(value) && other >= 0 ? `${kindOf(value[other])} at index ${other}` : undefined
  },
}

/** One of some texts. */
export function oneOf(...words: readonly string[]): Check {
  return {
    expects: listed(words.map((word) => `'${word}'`)),
    accepts: (value) => words.some((word) => word === value),
    words,
    shows: (value) => (typeof value === 'string' ? 'another string' : undefined),
  }
}

/** The values that either of two checks takes. */
export function either(first: Check, second: Check): Check {
  const words = [...(first.words ?? []), ...(second.words ?? [])]
  const keys = first.keys ?? second.keys
  const values = first.values ?? second.values
  const shows = (value: unknown): string | undefined => first.shows?.(value) ?? second.shows?.(value)
  return {
    shows,
    expects: listed([...(first.words?.map((word) => `'${word}'`) ?? [first.expects]), second.expects]),
    accepts: (value) => first.accepts(value) || second.accepts(value),
    ...(words.length > 0 && { words }),
    ...(keys && { keys }),
    ...(values && { values }),
  }
}

/**
 * Where a mapping keeps an attribute: the name of a column or field alone, or one of some objects, each under the key
 * that no other has.
 */
export function placeOf(named: string, kinds: Readonly<Record<string, Checks>>): Check {
  // A misspelt key may be the key that decides the kind.
  const any: Checks = Object.fromEntries(
    Object.values(kinds).flatMap((checks) =>
      Object.entries(checks).map(([key, { required: _required, ...check }]) => [key, check] as const),
    ),
  )
  const names = Object.keys(kinds)
  return {
    expects: `the name of ${named}, or an object with ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
    accepts: (value) => TEXT.accepts(value) || isPlace(value, any, names),
    keys: (value) => kinds[names.find((name) => name in value) ?? ''] ?? any,
  }
}

/** Whether the kind of a value is clear, or the value has a misspelt key, which has a message of its own. */
function isPlace(value: unknown, any: Checks, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return names.some((name) => name in value) || Object.keys(value).some((key) => !Object.hasOwn(any, key))
}

/** An object with these keys and no others. */
export function objectOf(keys: Checks): Check {
  return { ...OBJECT, keys }
}

/** An object with any keys, whose values pass one check. */
export function recordOf(values: Check): Check {
  return { ...OBJECT, values }
}

/** A value that passes a check, and that must be given. */
export function required(check: Check, why: true | string = true): Check {
  return { ...check, required: why }
}

/** Whose options are checked. */
export interface OptionsOf {
  /** `scimRouter`, `resource type User`. */
  readonly owner: string
  readonly code: SetupCode
  /** The keys that lead to the object: `cursor`. */
  readonly path?: string
  /** The section of the documentation, if it is another than that of the code: `postgres.md#existing-tables`. */
  readonly section?: string
}

/** Checks the options in the argument of a function, which may be no object at all, as {@link checkOptions} does. */
export function checkGiven(given: unknown, checks: Checks, of: OptionsOf): void {
  if (!isObject(given)) {
    const sentence = `${of.owner} must be called with an object of options, got ${kindOf(given)}.`
    throw new SetupError(of.code, sentence, of.section)
  }
  checkOptions(given, checks, of)
}

/**
 * Checks an object of options: every key is known, every value is of the kind that the key takes, nothing required is
 * missing. In JavaScript a misspelled `authorize` would otherwise be ignored, and everything be permitted. Throws a
 * {@link SetupError}.
 */
export function checkOptions(given: object, checks: Checks, of: OptionsOf): void {
  const { owner, code, path, section } = of
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(checks, key)) continue
    const place = path === undefined ? `Unknown option "${key}"` : `Unknown key "${key}" in option ${path}`
    throw new SetupError(code, `${place} of ${owner}.${didYouMean(key, Object.keys(checks))}`, section)
  }
  for (const [key, check] of Object.entries(checks)) {
    const value = (given as Readonly<Record<string, unknown>>)[key]
    checkOption(value, check, {
      ...of,
      code: check.code ?? code,
      path: path === undefined ? key : `${path}.${key}`,
    })
  }
}

/** Checks one option. Throws a {@link SetupError}. */
export function checkOption(value: unknown, check: Check, of: OptionsOf & { readonly path: string }): void {
  const name = `Option ${of.path}${of.owner === 'scimRouter' ? '' : ` of ${of.owner}`}`
  if (value === undefined) {
    if (check.required === undefined) return
    const why = check.required === true ? '' : `: ${check.required}`
    throw new SetupError(of.code, `${name} is missing${why}.`, of.section)
  }
  if (!check.accepts(value)) {
    const suggestion = suggestionFor(value, check.words)
    const sentence = `${name} must be ${check.expects}, got ${check.shows?.(value) ?? kindOf(value)}.${suggestion}`
    throw new SetupError(of.code, sentence, of.section)
  }
  checkInside(value, check, of)
}

/** The word that is near to a text, or to the first text of a list that is no word. */
function suggestionFor(value: unknown, words: readonly string[] = []): string {
  const text: unknown = Array.isArray(value) ? value.find((one) => !words.includes(one)) : value
  return typeof text === 'string' ? didYouMean(text, words) : ''
}

/** Checks the values in an option: the keys of an object, the values of a list. */
function checkInside(value: unknown, { keys, values }: Check, of: OptionsOf & { readonly path: string }): void {
  if (Array.isArray(value)) {
    if (keys === undefined) return
    for (const [index, one] of value.entries()) {
      checkOption(one, required({ ...OBJECT, keys }), { ...of, path: `${of.path}[${index}]` })
    }
  } else if (isObject(value)) {
    if (keys) checkOptions(value, typeof keys === 'function' ? keys(value) : keys, of)
    if (values === undefined) return
    for (const [key, one] of Object.entries(value)) checkOption(one, values, { ...of, path: `${of.path}["${key}"]` })
  }
}

/** How a message calls a value: its kind, never the value, which may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** That an array is empty, for options that must have a value. */
export function emptinessShown(value: unknown): string | undefined {
  return Array.isArray(value) && value.length === 0 ? 'an empty array' : undefined
}

/** The number itself, for options that hold no secret. */
export function numberShown(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : undefined
}

/** `'a', 'b' or 'c'` */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
