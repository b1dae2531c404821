import type { IncomingMessage } from 'node:http'
import type { Answer, Body, Query, RouteName } from '../contract/contract.js'
import type { Settings } from './options.js'
import type { Visitor } from './visitor.js'

/** One request to the JSON API, read and permitted. */
export interface Call<Name extends RouteName> {
  readonly settings: Settings
  readonly visitor: Visitor
  /** The tenant that the request is about; `''` for routes about the service, which must not use it. */
  readonly tenant: string
  readonly params: Readonly<Record<string, string>>
  readonly query: Query<Name>
  readonly body: Body<Name>
  /** Why staff look at people, in their words. */
  readonly reason: string | undefined
  readonly request: IncomingMessage
}

/** The functions that answer routes, by their names. */
export type Handlers<Name extends RouteName = RouteName> = {
  readonly [One in Name]: (call: Call<One>) => Answer<One> | Promise<Answer<One>>
}
