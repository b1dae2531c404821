import { entra } from './entra/guide.js'
import { google } from './google.js'
import { jumpcloud } from './jumpcloud.js'
import { okta } from './okta/guide.js'
import { onelogin } from './onelogin.js'
import { pingone } from './pingone.js'
import type { Guide } from './shared/guide.js'

export { faultsSeen, mappingFor, stepsFor, type Variant } from './choose.js'
export { type RenderOptions, renderGuide } from './render.js'
export type { Entry, RequestTest } from './shared/entry.js'
export type {
  Choice,
  Fault,
  Field,
  Guide,
  MappingRow,
  Method,
  MethodChoice,
  SignIn,
  Source,
  Step,
  Symptom,
} from './shared/guide.js'
export { type Health, type HealthRule, healthOf, type Traffic, trafficOf } from './shared/health.js'
export { textsOf, withTexts } from './texts.js'
export { fillText, type GuideValues } from './values.js'

/**
 * The guides by provider.
 *
 * @example
 * ```ts
 * import { guides } from 'express-scim/guides'
 *
 * console.log(Object.values(guides).map((guide) => guide.name))
 * ```
 */
export const guides = Object.freeze({ entra, okta, onelogin, jumpcloud, pingone, google }) satisfies Readonly<
  Record<string, Guide>
>
