import express5 from 'express'
import express4 from 'express4'
import { entra, okta, replay, sequences } from '../../src/conformance/index.js'
import { bearer, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { startApp, TOKEN } from '../support/app.js'

function router() {
  const { users, groups } = memoryAdapters()
  return scimRouter({
    authenticate: bearer(TOKEN),
    resources: { User: { adapter: users }, Group: { adapter: groups } },
  })
}

describe('replay', () => {
  const app5 = express5().use('/scim/v2', router())
  const app4 = express4().use('/elsewhere', router())

  test.each(replay([...entra, ...okta], { app: app5, token: TOKEN }))('an Express 5 app: $name', ({ run }) => run())
  test.each(replay(okta, { app: app4, path: '/elsewhere', token: TOKEN }))('an Express 4 app: $name', ({ run }) =>
    run(),
  )

  test('takes the entries of scimRouter as they are', () => {
    const { users, groups } = memoryAdapters()
    const resourceTypes = {
      User: { adapter: users, onDuplicate: 'adopt' },
      Group: { adapter: groups, endpoint: '/Teams' },
    }
    expect(replay(okta, { app: app5, token: TOKEN }, { resourceTypes })).toHaveLength(okta.length)
  })

  test('takes a URL, with a slash at its end or without', async () => {
    const { users, groups } = memoryAdapters()
    const app = await startApp({ resources: { User: { adapter: users }, Group: { adapter: groups } } })
    try {
      for (const url of [app.base, `${app.base}/`]) {
        for (const { run } of replay(okta, { url, token: TOKEN })) await run()
      }
    } finally {
      await app.close()
    }
  })

  test('tells every step that failed', async () => {
    const [check] = replay(okta, { app: app5, token: 'another token' })
    const [sequence] = okta
    const failed = await Promise.resolve(check?.run()).then(String, (error: Error) => error.message)
    const [first, ...told] = failed.split('\n')
    expect(first).toBe(`Sequence ${sequence?.id} fails:`)
    expect(told[0]).toMatch(/: status 401, expected \d+/)
    expect(sequence?.steps.length).toBeGreaterThan(1)
    for (const { name } of sequence?.steps ?? []) {
      expect([name, told.some((line) => line.startsWith(`${name}: `))]).toEqual([name, true])
    }
  })

  test('fails when there is nobody', async () => {
    const [check] = replay(okta, { url: 'http://127.0.0.1:9/scim/v2', token: TOKEN })
    await expect(check?.run()).rejects.toThrow(/fetch failed/)
  })
})

describe('the recorded sequences', () => {
  const all = Object.values(sequences).flat()
  const STEP = ['name', 'method', 'path', 'headers', 'body', 'expect', 'capture']
  const EXPECTATION = ['status', 'headers', 'bodySubset', 'absent', 'lengths', 'notContains']

  test.each(all)('$id is written in the format', (sequence) => {
    expect(sequence.title).toMatch(/\S/)
    expect(['rfc', 'quirk', 'optional']).toContain(sequence.level)
    expect(sequence.steps.length).toBeGreaterThan(0)
    for (const step of sequence.steps) {
      expect(Object.keys(step).filter((key) => !STEP.includes(key))).toEqual([])
      expect(step.name).toMatch(/\S/)
      expect(step.method).toMatch(/^[A-Z]+$/)
      expect(step.path).toMatch(/^(\/|\$\{)/)
      expect(Object.keys(step.expect ?? {}).filter((key) => !EXPECTATION.includes(key))).toEqual([])
    }
  })
})
