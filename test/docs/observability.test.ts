import * as diagnostics from 'node:diagnostics_channel'
import { unsubscribe } from 'node:diagnostics_channel'
import { createRequire } from 'node:module'
import { trace } from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import pino from 'pino'
import type { Registry } from 'prom-client'
import ts from 'typescript'
import { memoryAdapters } from '../../src/memory/index.js'
import { type App, sharedApp } from '../support/app.js'
import { codeBlocks } from './code-blocks.js'

// The code of docs/observability.md runs as it stands there, with the real packages.
type Listener = (message: unknown, name: string | symbol) => void

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const CHANNEL = 'express-scim:request'
const requirePackage = createRequire(__filename)
const blocks = codeBlocks('docs/observability.md')
const listeners: Listener[] = []
const lines: string[] = []

afterEach(() => {
  for (const listener of listeners.splice(0)) unsubscribe(CHANNEL, listener)
})

/** Runs the block that imports a package, and returns its exports. */
function run(name: string): Record<string, unknown> {
  const block = blocks.find(({ code }) => code.includes(`from '${name}'`))
  const { outputText } = ts.transpileModule(block?.code ?? '', {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  })
  const subscribe = (channel: string, listener: Listener): void => {
    listeners.push(listener)
    diagnostics.subscribe(channel, listener)
  }
  const load = (wanted: string): unknown => {
    if (wanted === 'node:diagnostics_channel') return { ...diagnostics, subscribe }
    // Its lines go to the test in place of the standard output.
    if (wanted === 'pino') return () => pino({ base: null }, { write: (line: string) => lines.push(line) })
    return requirePackage(wanted)
  }
  const exported: Record<string, unknown> = {}
  new Function('require', 'exports', outputText)(load, exported)
  return exported
}

const app: App = sharedApp(() => {
  const { users, groups } = memoryAdapters()
  return {
    resources: { User: { adapter: users }, Group: { adapter: groups } },
    validate: async ({ after }) => {
      if ((await after())?.['userName'] === 'fails') throw new Error('the store is gone')
    },
  }
})

async function send(): Promise<void> {
  await app.scim.post('/Users', { schemas: [USER], userName: `anna-${Math.random()}` })
  await app.scim.post('/Users', { schemas: [USER] })
  await app.scim.post('/Users', { schemas: [USER], userName: 'fails' })
}

test('prom-client counts requests and their time', async () => {
  const { registry } = run('prom-client')
  await send()
  const text = await (registry as Registry).metrics()
  expect(text).toContain(
    'scim_requests_total{action="create",resource_type="User",status="201",code="",via="client"} 1',
  )
  expect(text).toMatch(
    /scim_requests_total\{action="create",resource_type="User",status="400",code="\w+",via="client"\} 1/,
  )
  expect(text).toContain('scim_request_seconds_count{action="create",resource_type="User"} 3')
  expect(text).not.toContain('anna')
})

test('OpenTelemetry has a span of each request', async () => {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  trace.setGlobalTracerProvider(provider)
  run('@opentelemetry/api')
  await send()
  const spans = exporter.getFinishedSpans()
  expect(
    spans.map(({ name, status, attributes }) => [name, status.code, attributes['http.response.status_code']]),
  ).toEqual([
    ['SCIM create', 0, 201],
    ['SCIM create', 0, 400],
    ['SCIM create', 2, 500],
  ])
  for (const { duration } of spans) expect(duration[0]).toBeLessThan(60)
  expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toContain('anna')
  await provider.shutdown()
  trace.disable()
})

test('pino writes one line for each request', async () => {
  run('pino')
  await send()
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 30, status: 201, action: 'create', resourceType: 'User', msg: 'SCIM request' }),
    expect.objectContaining({ level: 30, status: 400, code: expect.any(String) }),
    expect.objectContaining({ level: 50, status: 500 }),
  ])
  expect(lines.join('')).not.toContain('anna')
})
