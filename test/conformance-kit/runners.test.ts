import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeBlocks } from '../docs/code-blocks.js'
import { ROOT } from '../support/process.js'

const blocks = codeBlocks('docs/conformance-kit.md').map(({ code }) => code)
const blockWith = (...texts: readonly string[]): string => {
  const found = blocks.find((code) => texts.every((text) => code.includes(text)))
  if (found === undefined) throw new Error(`No block of the page has ${texts.join(' and ')}.`)
  return found
}
const NODE_TEST = blockWith('// node:test', 'adapterChecks')
const JEST = blockWith('// Jest', 'adapterChecks')
const REPLAY = blockWith('replay(', 'node:test')
const JEST_CONFIG = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/*.jest.js'],
  transform: { '\\.js$': ['@swc/jest', { module: { type: 'commonjs' } }] },
}

/** The adapter of a page with a fault: it says of every resource that it is deleted. */
const broken = (code: string): string =>
  code.replace(/(const \{ users.*\} = memoryAdapters\(\)).*\n/, (_line, made: string) => {
    return `${made.replace('users', 'users: sound')}\nconst users = { ...sound, delete: async () => true }\n`
  })

// The runners themselves run the code of the page as it stands, with the built package.
describe('the code of docs/conformance-kit.md', () => {
  let folder: string
  beforeAll(() => {
    mkdirSync(join(ROOT, '.cache'), { recursive: true })
    folder = mkdtempSync(join(ROOT, '.cache/kit-'))
    writeFileSync(join(folder, 'jest.config.json'), JSON.stringify(JEST_CONFIG))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const byNode = (name: string, code: string) => {
    writeFileSync(join(folder, name), code)
    return run('--test', '--test-reporter=tap', join(folder, name))
  }

  test('node:test', async () => {
    const { code, output } = await byNode('sound.mjs', NODE_TEST)
    expect(output).toMatch(/^# fail 0$/m)
    expect(Number(/^# pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(80)
    expect(code).toBe(0)
  })

  test('node:test, an adapter that is broken', async () => {
    const { code, output } = await byNode('broken.mjs', broken(NODE_TEST))
    expect(output).toMatch(/^not ok \d+ - User: a deleted resource does not exist for any callback$/m)
    expect(output).toMatch(
      /User\.get still finds a deleted resource \(node_modules\/express-scim\/docs\/adapters\.md#delete\)/,
    )
    expect(code).toBe(1)
  })

  test('Jest, an adapter and one that is broken', async () => {
    writeFileSync(join(folder, 'sound.jest.js'), JEST)
    writeFileSync(join(folder, 'broken.jest.js'), broken(JEST))
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js')
    const { code, output } = await run(jest, '--config', join(folder, 'jest.config.json'), '--verbose')
    const sound = sectionOf(output, 'PASS', 'sound')
    expect(sound).not.toMatch(/✕/)
    expect(sound.match(/^ +✓ /gm)?.length).toBeGreaterThan(40)
    expect(sound).toMatch(/✓ User: create stores the whole draft, and get finds it/)
    const faulty = sectionOf(output, 'FAIL', 'broken')
    expect(faulty).toMatch(/✕ User: a deleted resource does not exist for any callback/)
    expect(faulty).toMatch(
      /User\.get still finds a deleted resource \(node_modules\/express-scim\/docs\/adapters\.md#delete\)/,
    )
    expect(code).toBe(1)
  })

  test('the sequences of Entra and Okta, by node:test', async () => {
    const { code, output } = await byNode('replay.mjs', REPLAY)
    expect(output).toMatch(/^# fail 0$/m)
    expect(Number(/^# pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(5)
    expect(code).toBe(0)
  })
})

/** The output of Jest for one of its files. */
function sectionOf(output: string, result: 'PASS' | 'FAIL', name: string): string {
  const section = output
    .split(/^(?=(?:PASS|FAIL) )/m)
    .find((text) => text.startsWith(`${result} `) && text.includes(`${name}.jest.js`))
  if (section === undefined) throw new Error(`Jest did not print ${result} for ${name}:\n${output}`)
  return section
}

function run(...args: readonly string[]): Promise<{ readonly code: unknown; readonly output: string }> {
  // A runner inside of a runner would report to it.
  const { NODE_TEST_CONTEXT: _, JEST_WORKER_ID: __, ...env } = process.env
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, output: `${stdout}\n${stderr}` })
    })
  })
}
