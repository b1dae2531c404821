import type { routes } from './routes.js'
import type { ValueOf } from './schema.js'
import type * as shapes from './shapes.js'

/** The table of the JSON API. */
export type Routes = typeof routes
/** The name of a route: `listConnections`. */
export type RouteName = keyof Routes
/** What a route answers. */
export type Answer<Name extends RouteName> = ValueOf<Routes[Name]['answer']>
/** What stands in the query of a route. */
export type Query<Name extends RouteName> = Routes[Name] extends { readonly query: infer S } ? ValueOf<S> : undefined
/** What a route takes as its body. */
export type Body<Name extends RouteName> = Routes[Name] extends { readonly body: infer S } ? ValueOf<S> : undefined
/** What a failure is told in, with a status of 400 or more. */
export type Failure = ValueOf<typeof shapes.failure>

export type Can = (typeof shapes.CAN)[number]
export type Session = ValueOf<typeof shapes.session>
export type ConnectionView = ValueOf<typeof shapes.connection>
export type MadeView = ValueOf<typeof shapes.made>
export type GuideView = ValueOf<typeof shapes.guide>
export type StepView = ValueOf<typeof shapes.step>
export type SetupView = ValueOf<typeof shapes.setup>
export type EntryView = ValueOf<typeof shapes.entry>
export type LogView = ValueOf<typeof shapes.logPage>
export type PersonRow = ValueOf<typeof shapes.personRow>
export type PersonView = ValueOf<typeof shapes.person>
export type GroupRow = ValueOf<typeof shapes.groupRow>
export type GroupView = ValueOf<typeof shapes.group>
export type HistoryView = ValueOf<typeof shapes.historyEntry>
export type RecordingView = ValueOf<typeof shapes.recording>
export type TenantRow = ValueOf<typeof shapes.tenantRow>
export type ServiceView = ValueOf<typeof shapes.service>
