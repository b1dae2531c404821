import type { routes } from './routes.js'
import type { ValueOf } from './schema.js'
import type * as shapes from './shapes.js'

/** The table of the JSON API. */
export type Routes = typeof routes
/** The name of a route: `listConnections`. */
export type RouteName = keyof Routes
/** The answer of a route. */
export type Answer<Name extends RouteName> = ValueOf<Routes[Name]['answer']>
/** The query of a route. */
export type Query<Name extends RouteName> = Routes[Name] extends { readonly query: infer S } ? ValueOf<S> : undefined
/** The body of a request to a route. */
export type Body<Name extends RouteName> = Routes[Name] extends { readonly body: infer S } ? ValueOf<S> : undefined
/** The body of a failure, with a status of 400 or more. */
export type Failure = ValueOf<typeof shapes.failure>

/** A permission of a visitor. */
export type Can = (typeof shapes.CAN)[number]
/** The answer of `session`: the visitor, their permissions, the texts and colours of the pages. */
export type Session = ValueOf<typeof shapes.session>
/** A connection as the pages show it, without secrets. */
export type ConnectionView = ValueOf<typeof shapes.connection>
/** A new credential: the one answer that holds its secret. */
export type MadeView = ValueOf<typeof shapes.made>
/** A guide for setting up an identity provider. */
export type GuideView = ValueOf<typeof shapes.guide>
/** A step of the set-up, with its evidence in the log and the notices about mistakes. */
export type StepView = ValueOf<typeof shapes.step>
/** The state of the set-up of one connection. */
export type SetupView = ValueOf<typeof shapes.setup>
/** An entry of the log with its explanation. */
export type EntryView = ValueOf<typeof shapes.entry>
/** A page of the log. */
export type LogView = ValueOf<typeof shapes.logPage>
/** A person in a list. */
export type PersonRow = ValueOf<typeof shapes.personRow>
/** A person as stored, with the attributes that the provider sends and the store does not keep. */
export type PersonView = ValueOf<typeof shapes.person>
/** A group in a list. */
export type GroupRow = ValueOf<typeof shapes.groupRow>
/** A group with a page of its members. */
export type GroupView = ValueOf<typeof shapes.group>
/** A change or a look in the history of a person, a group or a connection. */
export type HistoryView = ValueOf<typeof shapes.historyEntry>
/** A recorded request with its answer; values are hidden unless the recording shows them. */
export type RecordingView = ValueOf<typeof shapes.recording>
/** A customer in the list of the staff, with the health of its connections. */
export type TenantRow = ValueOf<typeof shapes.tenantRow>
/** The service, as `describe()` returns it. */
export type ServiceView = ValueOf<typeof shapes.service>
