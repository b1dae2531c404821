import { isDeepStrictEqual } from 'node:util'
import type { Answer } from '../../../client/index.js'
import { isObject } from '../../../is-object.js'
import { NotSeen, Violation } from './outcome.js'

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** Any JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** Throws a {@link Violation} with this message unless the condition is true. */
export function must(condition: boolean, wrong: string): asserts condition {
  if (!condition) throw new Violation(wrong)
}

/** Checks the status of an answer. */
export function mustBe(answer: Answer, wanted: number | readonly number[], request: string): void {
  const statuses = [wanted].flat()
  const tail = answer.status >= 400 ? wordsOf(answer) : ''
  must(
    statuses.includes(answer.status),
    `${request} is answered with ${answer.status}${tail}, must be ${statuses.join(' or ')}.`,
  )
}

/** The body of an answer as an object. Throws a {@link Violation} if it is no object. */
export function objectOf(answer: Answer, request: string): Json {
  const { body } = answer
  must(isObject(body), `${request} is answered with ${answer.status} and a body that is no JSON object.`)
  return body
}

/** The body of an answer that must have this status. */
export function bodyOf(answer: Answer, wanted: number | readonly number[], request: string): Json {
  mustBe(answer, wanted, request)
  return objectOf(answer, request)
}

/** Checks that a value equals another. */
export function mustEqual(actual: unknown, wanted: unknown, name: string): void {
  must(isDeepStrictEqual(actual, wanted), `${name} is ${shown(actual)}, must be ${shown(wanted)}.`)
}

/** Checks that an answer is an error of RFC 7644 section 3.12 with one of these statuses. */
export function mustRefuse(
  answer: Answer,
  wanted: number | readonly number[],
  request: string,
  scimType?: string,
): void {
  mustBe(answer, wanted, request)
  if (scimType === undefined) return
  const { scimType: given } = objectOf(answer, request)
  must(given === scimType, `${request} is refused with scimType ${shown(given)}, must be "${scimType}".`)
}

/** Whether an answer is an error in the form of RFC 7644 section 3.12. */
export function isScimError({ body }: Answer): boolean {
  return isObject(body) && Array.isArray(body.schemas) && body.schemas.includes(ERROR)
}

/**
 * Skips a rule if the server declines its request: by RFC 7644 section 3.4.2.2 a server may support only some filters.
 */
export function unlessDeclined(answer: Answer, what: string): void {
  const declined = answer.status === 501 || (answer.status === 400 && /invalidFilter/i.test(answer.text))
  if (declined || answer.status === 403) throw new NotSeen(`The server declines ${what} (${answer.status}).`)
}

/** The resources of a ListResponse. */
export function resourcesOf(answer: Answer, request: string): readonly Json[] {
  const body = bodyOf(answer, 200, request)
  const { Resources } = body
  if (Resources === undefined || Resources === null) return []
  must(Array.isArray(Resources), `Resources in the answer to ${request} must be an array.`)
  return Resources
}

/** The values of a multi-valued attribute. */
export function valuesOf(resource: Json, name: string): readonly Json[] {
  const value = resource[name]
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The value of a key in any letter case: attribute names are case insensitive (RFC 7643 section 2.1). */
export function memberOf(object: unknown, name: string): unknown {
  if (!isObject(object)) return undefined
  const key = Object.keys(object).find((one) => one.toLowerCase() === name.toLowerCase())
  return key === undefined ? undefined : object[key]
}

/** A value in the form in which messages show it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = JSON.stringify(value)
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}

function wordsOf({ body }: Answer): string {
  if (!isObject(body)) return ''
  const { scimType, detail } = body
  const words = [typeof scimType === 'string' && scimType, typeof detail === 'string' && `"${detail.slice(0, 160)}"`]
  const told = words.filter(Boolean).join(', ')
  return told === '' ? '' : ` (${told})`
}
