import { cp, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { isAddress, linksOf } from '../docs/links.js'
import { scimClient } from '../support/client.js'
import { IS_LONG, sample } from '../support/length.js'
import { ROOT, type ServerProcess, startServer } from '../support/process.js'
import { pack, readPackage, run, type Tarball, temporaryFolder } from './pack.js'

const CONSUMERS = join(__dirname, 'consumers')
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** The set-ups of a TypeScript project: the settings of its package.json and its tsconfig.json. */
const TYPESCRIPT = [
  ['node16 resolution, ES modules', 'module', 'node16', 'node16'],
  ['node16 resolution, CommonJS', 'commonjs', 'node16', 'node16'],
  ['bundler resolution', 'module', 'esnext', 'bundler'],
  ['node10 resolution', 'commonjs', 'commonjs', 'node10'],
] as const

jest.setTimeout(120_000)

let tarball: Tarball
beforeAll(async () => {
  tarball = await pack()
})
afterAll(() => rm(dirname(tarball.path), { recursive: true, force: true }))

describe('the package', () => {
  test('holds the four files of each entry, what they share, and what says what it is', async () => {
    const { exports } = await readPackage(ROOT)
    const names = Object.keys(exports).map((name) => (name === '.' ? 'index' : name.slice(2)))
    const entries = names.filter((name) => name !== 'package.json')
    const typed = entries.flatMap((name) => ['js', 'cjs', 'd.ts', 'd.cts'].map((kind) => `dist/${name}.${kind}`))
    // The command, which no code imports.
    const built = [...typed, 'dist/cli.js', 'dist/cli.cjs']
    expect(built.filter((name) => !tarball.files.includes(name))).toEqual([])
    const shared = /^dist\/[a-z.-]+-[\w-]{8}\.(js|cjs|d\.ts|d\.cts)$/
    const others = tarball.files.filter((name) => !built.includes(name) && !shared.test(name))
    // Messages lead to the documentation, so all of it is there.
    const pages = await readdir(join(ROOT, 'docs'), { recursive: true })
    const documents = pages.filter((name) => /\.(md|svg|txt|webp)$/.test(name)).map((name) => `docs/${name}`)
    // The migrations of PostgreSQL as SQL, for operators who run them with a tool of their own.
    const rest = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'package.json',
      'sql/001-resources.sql',
      'sql/002-managers.sql',
      'sql/003-components.sql',
      'sql/004-room.sql',
      'sql/005-manager-keys.sql',
    ]
    expect(others.sort()).toEqual([...documents, ...rest].sort())
  })

  test('holds each file that its pages link to or show', () => {
    const pages = tarball.files.filter((name) => name.endsWith('.md'))
    const dead = pages.flatMap((page) =>
      linksOf(page)
        .filter((target) => !isAddress(target) && !target.startsWith('#'))
        .filter((target) => !tarball.files.includes(posix.join(posix.dirname(page), target.replace(/#.*$/, ''))))
        .map((target) => `${page}: ${target}`),
    )
    expect(dead).toEqual([])
  })

  test('has three dependencies, Express as its peer, jose as an optional one, and no script that runs at the user', async () => {
    const { dependencies, peerDependencies, peerDependenciesMeta, scripts, engines, license } = await readPackage(ROOT)
    expect(Object.keys(dependencies).sort()).toEqual(['ajv', 'ajv-formats', 'debug'])
    // Only applications that offer federated connections install jose.
    expect(peerDependencies).toEqual({ express: '^4.18 || ^5', jose: '^6' })
    expect(peerDependenciesMeta).toEqual({ jose: { optional: true } })
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([])
    expect(engines).toEqual({ node: '>=20' })
    expect(license).toBe('MIT')
  })

  test('is clean by publint', async () => {
    await run(process.execPath, [bin('publint/src/cli.js'), 'run', tarball.path, '--strict'], ROOT)
  })

  test('is clean by arethetypeswrong', async () => {
    const { exports } = await readPackage(ROOT)
    // All are built alike: in the short form every sixth.
    const entries = sample(Object.keys(exports), 6)
    await run(
      process.execPath,
      [
        bin('@arethetypeswrong/cli/dist/index.js'),
        tarball.path,
        '--no-color',
        '--no-definitely-typed',
        ...(IS_LONG ? [] : ['--entrypoints', ...entries]),
      ],
      ROOT,
    )
  })
})

// Each consumer takes seconds. The short form has one of each kind.
describe.each(IS_LONG ? [4, 5] : [5])('an application on Express %i', (version) => {
  let folder: string
  let server: ServerProcess | undefined

  beforeAll(async () => {
    folder = await temporaryFolder()
    await install(folder, version)
  })
  afterEach(() => server?.stop('SIGKILL'))
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('gets seven packages beside those of Express', async () => {
    const express = await withDependencies(folder, 'express')
    const added = [...(await withDependencies(folder, 'express-scim'))].filter((name) => !express.has(name))
    expect(added.sort()).toEqual([
      'ajv',
      'ajv-formats',
      'express-scim',
      'fast-deep-equal',
      'fast-uri',
      'json-schema-traverse',
      'require-from-string',
    ])
  })

  test('in CommonJS', async () => {
    await cp(join(CONSUMERS, 'commonjs'), join(folder, 'commonjs'), { recursive: true })
    server = await startServer(join(folder, 'commonjs/main.js'))
    await expectService(server.base)
  })

  test('in ES modules', async () => {
    await cp(join(CONSUMERS, 'esm'), join(folder, 'esm'), { recursive: true })
    server = await startServer(join(folder, 'esm/main.js'))
    await expectService(server.base)
  })

  // In the short form arethetypeswrong checks the types of the package above, and the compiler checks the types of the
  // sources.
  if (IS_LONG)
    test.each(TYPESCRIPT)('in TypeScript, %s', async (_title, type, module, moduleResolution) => {
      const project = join(folder, `typescript-${module}-${type}`)
      await cp(join(CONSUMERS, 'typescript'), project, { recursive: true })
      await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type }))
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        strict: true,
        esModuleInterop: true,
        types: ['node'],
        outDir: 'out',
      }
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['main.ts'] }))
      await run(process.execPath, [bin('typescript/bin/tsc'), '-p', project], project)
      server = await startServer(join(project, 'out/main.js'))
      await expectService(server.base)
      const device = { schemas: ['urn:example:scim:schemas:Device'], serial: 'S1', ports: [80] }
      expect((await scimClient(server.base, 'consumer-token').post('/Devices', device)).status).toBe(201)
    })
})

/** One node_modules for all consumers of one Express version: each is a folder below it. */
async function install(folder: string, version: number): Promise<void> {
  const { devDependencies } = await readPackage(ROOT)
  const dependencies = {
    'express-scim': `file:${tarball.path}`,
    express: version === 4 ? devDependencies.express4.replace('npm:express@', '') : devDependencies.express,
    '@types/express':
      version === 4
        ? devDependencies['@types/express4'].replace('npm:@types/express@', '')
        : devDependencies['@types/express'],
    '@types/node': devDependencies['@types/node'],
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }))
  await run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'],
    folder,
  )
}

/** Each consumer must serve these requests. The adapter throws an error that refuses the second user. */
async function expectService(base: string): Promise<void> {
  const scim = scimClient(base, 'consumer-token')
  const user = { schemas: [USER], userName: 'babs' }
  const created = await scim.post('/Users', user)
  expect(created.status).toBe(201)
  const { id } = created.body

  const again = await scim.post('/Users', user)
  expect([again.status, again.body.scimType]).toEqual([409, 'uniqueness'])

  const operations = [{ op: 'add', path: 'nickName', value: 'Babs' }]
  expect([200, 204]).toContain(
    (await scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations: operations })).status,
  )
  expect((await scim.get(`/Users/${id}`)).body).toMatchObject({ id, userName: 'babs', nickName: 'Babs' })
  expect((await scim.delete(`/Users/${id}`)).status).toBe(204)
  expect((await scimClient(base, undefined).get(`/Users/${id}`)).status).toBe(401)
}

/** The names of a package and of all its dependencies. */
async function withDependencies(folder: string, name: string, found = new Set<string>()): Promise<Set<string>> {
  found.add(name)
  const { dependencies = {} } = await readPackage(join(folder, 'node_modules', name))
  for (const dependency of Object.keys(dependencies)) {
    if (!found.has(dependency)) await withDependencies(folder, dependency, found)
  }
  return found
}

function bin(path: string): string {
  return join(ROOT, 'node_modules', path)
}
