import { type ChildProcess, spawn } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pack, run, temporaryFolder } from '../package/pack.js'
import { ROOT } from '../support/process.js'

const LINE = ['--no-install', 'express-scim']

let folder = ''
let served: ChildProcess | undefined
afterEach(async () => {
  served?.kill('SIGTERM')
  await rm(folder, { recursive: true, force: true })
})

test('npx runs the packed command: it serves, checks at full score and simulates', async () => {
  const tarball = await pack()
  folder = await temporaryFolder()
  const { devDependencies } = await import(join(ROOT, 'package.json'))
  const dependencies = { 'express-scim': `file:${tarball.path}`, express: devDependencies.express }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }))
  await run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'],
    folder,
  )
  await rm(dirname(tarball.path), { recursive: true, force: true })

  expect(await run('npx', [...LINE, '--version'], folder)).toMatch(/^\d+\.\d+\.\d+\n$/)
  const script = join(folder, 'node_modules/express-scim/dist/cli.js')
  served = spawn(process.execPath, [script, 'serve', '--port', '0'], { cwd: folder })
  let told = ''
  const [base, token] = await new Promise<readonly [string, string]>((resolve) => {
    served?.stdout?.on('data', (chunk) => {
      told += chunk
      const found = /at (http:\S+)\nToken: (\S+)\n/.exec(told)
      if (found) resolve([found[1] ?? '', found[2] ?? ''])
    })
  })
  await writeFile(join(folder, 'token'), token)
  const reach = ['--yes', '--token-file', 'token']
  const checked = await run('npx', [...LINE, 'check', base, ...reach], folder)
  expect(checked).toMatch(/Microsoft Entra ID, gallery\s+23 of 23\s+2\n/)
  expect(checked).not.toMatch(/FAIL|warn |note /)
  const simulated = await run(
    'npx',
    [...LINE, 'simulate', 'entra', base, '--people', '30', '--days', '20', ...reach],
    folder,
  )
  expect(simulated).toContain('The server has exactly the people, groups and members of the company.')
}, 300_000)
