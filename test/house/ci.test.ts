import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.js'

const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8')
const workflow = read('.github/workflows/ci.yml')

describe('the checks of each push', () => {
  test('run on the oldest Node that package.json promises', () => {
    const oldest = JSON.parse(read('package.json')).engines.node.replace('>=', '')
    expect(workflow).toMatch(new RegExp(`node: \\[${oldest},`))
  })

  test('go through .ci/run, and so run what decides whether a change lands', () => {
    const runs = [...workflow.matchAll(/- run: (.+)/g)].map(([, command]) => command)
    expect(runs.filter((command) => !command?.startsWith('.ci/run'))).toEqual([])
    expect(runs).toContain('.ci/run')
  })
})
