import { execFileSync } from 'node:child_process'
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

  test('have a MariaDB in each job that runs all tests: the user of a runner may not install one', () => {
    const jobs = [workflow, read('.github/workflows/release.yml')].flatMap((text) =>
      text.slice(text.indexOf('\njobs:')).split(/^ {2}(?=\w+:$)/m),
    )
    const all = jobs.filter((job) => /- run: \.ci\/run(?: test)?$/m.test(job))
    expect(all).toHaveLength(3)
    for (const job of all) {
      expect(job).toMatch(/^ {4}services:\n {6}mariadb:\n {8}image: mariadb:/m)
      expect(job).toMatch(/^ {6}MYSQL_URL: mysql:\/\/root@127\.0\.0\.1:3306$/m)
    }
  })

  test('include a second Node in .ci/run, also where the first one is that of .node-version', () => {
    const chosen = (own: string): string => {
      const choice = read('.ci/run').match(/^other=.*\nif .*fi$/m)?.[0] ?? ''
      const script = choice.replace(/\$\(node -p .*?\)"/, `${own}"`)
      return execFileSync('bash', ['-c', `${script}\necho "$other"`], { cwd: ROOT, encoding: 'utf8' }).trim()
    }
    const usual = read('.node-version').trim()
    expect(chosen('20')).toBe(usual)
    expect(chosen(usual)).not.toBe(usual)
  })
})
