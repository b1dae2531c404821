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
  /** The steps, in order. */
  readonly steps: readonly Step[]
  /** Messages on the provider's own pages when something is wrong. */
  readonly symptoms: readonly Symptom[]
  /** How often the provider comes, and what silence means. */
  readonly cadence: string
  /** Whether silence is a fault of a connection to this provider. */
  readonly health: HealthRule
  /** How the token is replaced by a new one. */
  readonly rotation: string
  /** The pages on which the guide is based. */
  readonly sources: readonly Source[]
  /** Statements that no source confirms, for the next check of the guide. */
  readonly unverified: readonly string[]
}

/** One of several kinds of application. */
export interface Choice {
  /** The word by which the kind of application is found. */
  readonly id: string
  /** The name of the kind of application. */
  readonly title: string
  /** The task in this case. */
  readonly text: string
  /** The methods that this kind of application offers; all without it. */
  readonly methods?: readonly Method[]
}

/** One of several kinds of credentials. */
export interface MethodChoice {
  /** The method. */
  readonly id: Method
  /** As the provider's page names it. */
  readonly title: string
  /** When to choose it. */
  readonly text: string
}

/** One step of a guide. */
export interface Step {
  /** The word by which the step is found. */
  readonly id: string
  /** The heading of the step. */
  readonly title: string
  /** The kinds of application that this step is for; all without it. */
  readonly apps?: readonly string[]
  /** The methods that this step is for; all without it. */
  readonly methods?: readonly Method[]
  /** The paragraphs of the step. */
  readonly texts: readonly string[]
  /** The fields to fill, to choose or to tick. */
  readonly fields?: readonly Field[]
  /** The mapping of attributes, if the step is about it. */
  readonly mapping?: readonly MappingRow[]
  /** Ticks the step by itself: true for the request that shows that the step is done. */
  readonly seen?: RequestTest
  /** The text of the page for a step that was seen. */
  readonly done?: string
  /** What can go wrong in the step. */
  readonly faults: readonly Fault[]
}

/** One field of the provider's page. */
export interface Field {
  /** The word by which the field is found. */
  readonly id: string
  /** As the provider's page names it. */
  readonly label: string
  /** What the administrator does with the field. */
  readonly action: 'paste' | 'choose' | 'tick' | 'untick'
  /** The value to paste or to choose; empty for a box to tick. */
  readonly value: string
  /** A remark beside the field. */
  readonly note?: string
}

/** One row of a mapping of attributes. */
export interface MappingRow {
  /** The word by which the row is found. */
  readonly id: string
  /** The attribute or expression at the provider. */
  readonly from: string
  /** The SCIM attribute. */
  readonly to: string
  /** What the administrator does with the row. */
  readonly action: 'keep' | 'change' | 'add' | 'delete'
  /** A remark beside the row. */
  readonly note?: string
  /** The row is for applications where people sign in so; for all without it. */
  readonly signIn?: SignIn
}

/** Something that can go wrong in a step. */
export interface Fault {
  /** The word by which the fault is found. */
  readonly id: string
  /** What the administrator sees. */
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
  /** The word by which the message is found. */
  readonly id: string
  /** The words on the provider's page. */
  readonly shows: string
  /** The cause. */
  readonly means: string
  /** The remedy. */
  readonly fix: string
  /** True for a request that shows the same on our side. */
  readonly seen?: RequestTest
}

/** Where the statements of a guide come from. */
export interface Source {
  /** The word by which the source is found. */
  readonly id: string
  /** The title of the page. */
  readonly title: string
  /** The URL of the page. */
  readonly url: string
  /** When it was read: `2026-11-27`. */
  readonly checked: string
}
