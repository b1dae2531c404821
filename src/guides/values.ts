import type { SignIn } from './shared/guide.js'

/** The values of placeholders, and the facts that decide about the mapping. */
export interface GuideValues {
  /** The name of the application. */
  readonly product: string
  /** The base URL of SCIM: `https://app.example/scim/v2`. */
  readonly url: string
  /** The token. A help centre has none: the words say where it comes from. */
  readonly token?: string | undefined
  /** URL of the token endpoint, for OAuth. */
  readonly tokenUrl?: string | undefined
  /** The client id, for OAuth. */
  readonly clientId?: string | undefined
  /** The client secret, for OAuth. */
  readonly clientSecret?: string | undefined
  /** Whom to ask: an address or the name of a team. */
  readonly support?: string | undefined
  /**
   * The attribute by which people sign in to the application.
   *
   * @defaultValue `'userName'`
   */
  readonly signIn?: SignIn | undefined
  /**
   * The attributes that the application keeps, as paths: `userName`, `name.givenName`, `urn:example:Badge:number`. With
   * it the mapping says which rows to delete and which to add.
   */
  readonly attributes?: readonly string[] | undefined
}

/** The placeholders that every text may hold. */
export const PLACEHOLDERS = [
  ...(['product', 'url', 'host', 'token', 'tokenUrl', 'clientId', 'clientSecret', 'support'] as const),
]

/** The placeholders of an occasion, which only `say` may hold. */
export const OCCASIONS = [
  ...(['time', 'person', 'domain', 'count', 'total', 'ends', 'sent', 'expected', 'attribute'] as const),
]

/** The value of each placeholder. */
export function wordsFor(values: GuideValues): Readonly<Record<string, string>> {
  const { product, url } = values
  const shown = (thing: string): string => `the ${thing} that ${product} shows`
  return {
    product,
    url: url.endsWith('/') ? url.slice(0, -1) : url,
    host: hostOf(url),
    token: values.token ?? shown('token'),
    tokenUrl: values.tokenUrl ?? shown('token URL'),
    clientId: values.clientId ?? shown('client ID'),
    clientSecret: values.clientSecret ?? shown('client secret'),
    support: values.support ?? `the support of ${product}`,
  }
}

/**
 * Fills the placeholders of a text. A placeholder without a value stays as it is.
 *
 * @param occasion Values of the occasion: `{ time: '17:04' }`.
 * @example
 * ```ts
 * import { fillText } from 'express-scim/guides'
 *
 * const values = { product: 'Acme', url: 'https://app.example/scim/v2' }
 * console.log(fillText('{product} was asked at {time}.', values, { time: '17:04' }))
 * ```
 */
export function fillText(text: string, values: GuideValues, occasion: Readonly<Record<string, string>> = {}): string {
  const words = { ...wordsFor(values), ...occasion }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(words, name) ? (words[name] ?? whole) : whole,
  )
}

/** Not by `URL.canParse`, which refuses letters beyond ASCII on Node 20 once V8 has optimised its call. */
function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}
