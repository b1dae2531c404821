import express from 'express'
import {
  type ConnectionEvent,
  type Connections,
  type ConnectionsOptions,
  memoryStore,
  scimConnections,
} from '../../src/connections/index.js'
import { CONNECTION_EVENTS } from '../../src/connections/options/events.js'
import { type RequestReport, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { type App, type AppOptions, serve } from '../support/app.js'
import { type Answer, type ScimClient, scimClient } from '../support/client.js'
import { hooksCalled } from '../support/hooks.js'
import { lookAtEvent } from '../support/leaks.js'

export const SECRET = 'a secret of a test that is long enough'
export const START = Date.UTC(2026, 0, 1)
export const DAY = 86_400_000

/** A clock that goes on when a test says so. */
export interface Clock {
  time: number
}

export interface Service {
  readonly connections: Connections
  readonly clock: Clock
  readonly app: App
  readonly events: ConnectionEvent[]
  readonly errors: unknown[]
  readonly reports: RequestReport[]
  /** A client with a token, at `<url>` or, with a path, at `<url>/<path>`. */
  readonly client: (token: string | undefined, path?: string) => ScimClient
  /** The report of the last request. */
  readonly lastReport: () => Promise<RequestReport | undefined>
}

/** Options of connections with a store in memory and a clock that stands still. */
export function connectionsOf(options: Partial<ConnectionsOptions> = {}, clock: Clock = { time: START }) {
  const events: ConnectionEvent[] = []
  const errors: unknown[] = []
  const hooks = Object.fromEntries(
    Object.keys(CONNECTION_EVENTS).map((name) => [
      name,
      (event: ConnectionEvent) => {
        lookAtEvent([event])
        events.push(event)
      },
    ]),
  )
  const connections = scimConnections({
    store: memoryStore(),
    secret: SECRET,
    url: 'https://app.example/scim/v2',
    now: () => clock.time,
    rateLimit: { failures: false },
    on: { ...hooks, error: (error) => errors.push(error) },
    ...options,
  })
  return { connections, clock, events, errors }
}

/** A running service with connections in front of it. */
export async function service(
  options: Partial<ConnectionsOptions> = {},
  router: Partial<AppOptions> = {},
): Promise<Service> {
  const made = connectionsOf(options)
  const { users, groups } = memoryAdapters()
  const reports: RequestReport[] = []
  const scim = scimRouter({
    authenticate: made.connections,
    tenants: 'required',
    resources: { User: { adapter: users }, Group: { adapter: groups } },
    on: {
      request: (report) => {
        lookAtEvent([report])
        reports.push(report)
      },
    },
    ...(router as object),
  })
  const app = await serve(express().use('/scim/v2', made.connections.endpoint, scim))
  const client: Service['client'] = (token, path) =>
    scimClient(path === undefined ? app.base : `${app.base}/${path}`, token)
  const lastReport = async () => {
    await hooksCalled()
    return reports.at(-1)
  }
  return { ...made, app, reports, client, lastReport }
}

/** Why the last request was refused, as its report says. */
export async function refusalOf({ lastReport }: Service, answer: Promise<Answer>): Promise<unknown> {
  const { status } = await answer
  const report = await lastReport()
  return [status, report?.refusal?.reason, report?.refusal?.tenant]
}

export const by = 'user 1'
