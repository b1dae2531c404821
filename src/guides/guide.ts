import type { Seen } from './entry.js'
import type { HealthRule } from './health.js'

/** How an identity provider proves who it is. */
export type Method = 'token' | 'header' | 'oauth' | 'federated'

/** By what the people of the application sign in. */
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
  /** What happens, how long it takes, and what must be there before. */
  readonly intro: readonly string[]
  /** The kinds of application at the provider; the administrator has one of them. */
  readonly apps: readonly Choice[]
  /** The credentials that the provider can use. */
  readonly methods: readonly MethodChoice[]
  readonly steps: readonly Step[]
  /** What the provider's own pages show when something is wrong. */
  readonly symptoms: readonly Symptom[]
  /** How often the provider comes, and what silence means. */
  readonly cadence: string
  readonly health: HealthRule
  /** How the token is replaced by a new one. */
  readonly rotation: string
  readonly sources: readonly Source[]
  /** Statements that no source confirms, for whoever checks the guide next. */
  readonly unverified: readonly string[]
}

/** One of several kinds of application. */
export interface Choice {
  readonly id: string
  readonly title: string
  /** What to do in this case. */
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
  /** What is pasted, chosen or ticked. */
  readonly fields?: readonly Field[]
  /** The mapping of attributes, if the step is about it. */
  readonly mapping?: readonly MappingRow[]
  /** Ticks the step by itself: true for the request that shows that the step is done. */
  readonly seen?: Seen
  /** What a page says then. */
  readonly done?: string
  readonly faults: readonly Fault[]
}

/** One field of the provider's page. */
export interface Field {
  readonly id: string
  /** As the provider's page names it. */
  readonly label: string
  readonly action: 'paste' | 'choose' | 'tick' | 'untick'
  /** What to paste or choose; empty for a box to tick. */
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
  /** What to do. */
  readonly fix: string
  /**
   * What a page says instead of `fix`, with placeholders of the occasion: `{time}`, `{person}`, `{domain}`, `{count}`,
   * `{total}`, `{ends}`, `{sent}`, `{expected}`. A page that does not know one of them says `fix`.
   */
  readonly say?: string
  /** True for the request that shows the fault. */
  readonly seen?: Seen
  /** The fault is that the step has not been seen after so many seconds. */
  readonly after?: number
  /** The step from which on the same request is no fault: many people come when all are assigned. */
  readonly until?: string
}

/** What the provider's own page shows when something is wrong. */
export interface Symptom {
  readonly id: string
  /** The words on the provider's page. */
  readonly shows: string
  readonly means: string
  readonly fix: string
  /** True for a request that shows the same on our side. */
  readonly seen?: Seen
}

/** Where the statements of a guide come from. */
export interface Source {
  readonly id: string
  readonly title: string
  readonly url: string
  /** When it was read: `2026-11-27`. */
  readonly checked: string
}
