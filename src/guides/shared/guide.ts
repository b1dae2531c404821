import type { RequestTest } from './entry.js'
import type { HealthRule } from './health.js'

/** The kind of credentials of an identity provider. */
export type Method = 'token' | 'header' | 'oauth' | 'federated'

/** The attribute by which the people of the application sign in. */
export type SignIn = 'userName' | 'emails'

/**
 * How an administrator connects one identity provider. All texts are English and short; they hold placeholders such as
 * `{product}`, and two marks: `**a name on the provider's page**` and `` `something to type` ``.
 */
export interface Guide {
  /** The word by which the provider is found: `entra`. */
  readonly id: string
  /** The provider's name: `Microsoft Entra ID`. */
  readonly name: string
  /** Whether the provider can send people to any application by SCIM. */
  readonly supported: boolean
  /** The outcome, the time it takes, and the conditions. */
  readonly intro: readonly string[]
  /** The kinds of application at the provider; the administrator has one of them. */
  readonly apps: readonly Choice[]
  /** The credentials that the provider can use. */
  readonly methods: readonly MethodChoice[]
  readonly steps: readonly Step[]
  /** Messages on the provider's own pages when something is wrong. */
  readonly symptoms: readonly Symptom[]
  /** How often the provider comes, and what silence means. */
  readonly cadence: string
  readonly health: HealthRule
  /** How the token is replaced by a new one. */
  readonly rotation: string
  readonly sources: readonly Source[]
  /** Statements that no source confirms, for the next check of the guide. */
  readonly unverified: readonly string[]
}

/** One of several kinds of application. */
export interface Choice {
  readonly id: string
  readonly title: string
  /** The task in this case. */
  readonly text: string
  /** The methods that this kind of application offers; all without it. */
  readonly methods?: readonly Method[]
}

/** One of several kinds of credentials. */
export interface MethodChoice {
  readonly id: Method
  /** As the provider's page names it. */
  readonly title: string
  readonly text: string
}

/** One step of a guide. */
export interface Step {
  readonly id: string
  readonly title: string
  /** The kinds of application that this step is for; all without it. */
  readonly apps?: readonly string[]
  /** The methods that this step is for; all without it. */
  readonly methods?: readonly Method[]
  readonly texts: readonly string[]
  /** The fields to fill, to choose or to tick. */
  readonly fields?: readonly Field[]
  /** The mapping of attributes, if the step is about it. */
  readonly mapping?: readonly MappingRow[]
  /** Ticks the step by itself: true for the request that shows that the step is done. */
  readonly seen?: RequestTest
  /** The text of the page for a step that was seen. */
  readonly done?: string
  readonly faults: readonly Fault[]
}

/** One field of the provider's page. */
export interface Field {
  readonly id: string
  /** As the provider's page names it. */
  readonly label: string
  readonly action: 'paste' | 'choose' | 'tick' | 'untick'
  /** The value to paste or to choose; empty for a box to tick. */
  readonly value: string
  readonly note?: string
}

/** One row of a mapping of attributes. */
export interface MappingRow {
  readonly id: string
  /** The attribute or expression at the provider. */
  readonly from: string
  /** The SCIM attribute. */
  readonly to: string
  readonly action: 'keep' | 'change' | 'add' | 'delete'
  readonly note?: string
  /** The row is for applications where people sign in so; for all without it. */
  readonly signIn?: SignIn
}

/** Something that can go wrong in a step. */
export interface Fault {
  readonly id: string
  readonly what: string
  /** The remedy. */
  readonly fix: string
  /**
   * The text in place of `fix`, with placeholders of the occasion: `{time}`, `{person}`, `{domain}`, `{count}`,
   * `{total}`, `{ends}`, `{sent}`, `{expected}`. A page that does not know one of them says `fix`.
   */
  readonly say?: string
  /** True for the request that shows the fault. */
  readonly seen?: RequestTest
  /** The fault is that the step has not been seen after so many seconds. */
  readonly after?: number
  /** The step from which on the same request is no fault: many people come when all are assigned. */
  readonly until?: string
}

/** A message on the provider's own page when something is wrong. */
export interface Symptom {
  readonly id: string
  /** The words on the provider's page. */
  readonly shows: string
  readonly means: string
  readonly fix: string
  /** True for a request that shows the same on our side. */
  readonly seen?: RequestTest
}

/** Where the statements of a guide come from. */
export interface Source {
  readonly id: string
  readonly title: string
  readonly url: string
  /** When it was read: `2026-11-27`. */
  readonly checked: string
}
