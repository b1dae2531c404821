import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.js'

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
  readonly optional?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
}

const readJson = (name: string): any => JSON.parse(readFileSync(join(ROOT, name), 'utf8'))
const locked: Readonly<Record<string, Locked>> = readJson('package-lock.json').packages
const own = readJson('package.json')

/** A package and all its dependencies, as an application gets them. */
function withDependencies(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found
  found.add(name)
  for (const dependency of Object.keys(locked[`node_modules/${name}`]?.dependencies ?? {}))
    withDependencies(dependency, found)
  return found
}

const runtime = [...new Set(Object.keys(own.dependencies).flatMap((name) => [...withDependencies(name)]))].sort()

describe('what is installed', () => {
  test('comes from the registry alone, in the versions that were locked, and is what it was then', () => {
    const others = Object.entries(locked).filter(([path, { resolved, version }]) => {
      if (path === '') return false
      const fromRegistry = resolved === undefined || resolved.startsWith('https://registry.npmjs.org/')
      return !fromRegistry || !/^\d+\.\d+\.\d+[\w.-]*$/.test(version ?? '')
    })
    expect(others).toEqual([])
    // Packages of other platforms were never here to be hashed.
    const unhashed = Object.entries(locked).filter(
      ([path, { integrity, optional }]) => path !== '' && !optional && !/^sha512-/.test(integrity ?? ''),
    )
    expect(unhashed).toEqual([])
  })

  test('is eight packages for an application, none of which runs a script when it is installed', () => {
    expect(runtime).toEqual([
      'ajv',
      'ajv-formats',
      'debug',
      'fast-deep-equal',
      'fast-uri',
      'json-schema-traverse',
      'ms',
      'require-from-string',
    ])
    expect(runtime.filter((name) => locked[`node_modules/${name}`]?.hasInstallScript)).toEqual([])
  })

  test('runs no script of ours', () => {
    const scripts = Object.keys(own.scripts)
    expect(scripts.filter((name) => /^(pre|post)?(install|prepare)$|^preprepare$|^postprepare$/.test(name))).toEqual([])
    expect(own.bin).toEqual({ 'express-scim': './dist/cli.js' })
    expect(own.bundleDependencies ?? own.bundledDependencies).toBeUndefined()
  })
})

describe('what the package can do to the machine it runs on', () => {
  // A person starts the command; it reads and writes only the files that this person names.
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !/^cli[\\/]/.test(name),
  )
  const code = (name: string): string =>
    readFileSync(join(ROOT, 'src', name), 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '')

  test('it opens no files, starts no processes and calls nobody; the client and the conformance kit speak to the service they are given, connections to issuers', () => {
    const used = files.flatMap((name) =>
      [...code(name).matchAll(/(?<!import type [^']*)from '(node:[^']+)'/g)].map(
        ([, module]) => `${name.split(/[\\/]/)[0]} ${module}`,
      ),
    )
    const allowed =
      /^\w+(?:\.ts)? node:(async_hooks|crypto|querystring|stream|stream\/promises|timers\/promises|util|diagnostics_channel|http|net|https|dns)$/
    expect(used.filter((use) => !allowed.test(use))).toEqual([])
    const network = used
      .filter((use) => /node:(net|https?|dns)$/.test(use))
      // Connections read the keys of issuers that the application trusts, from public addresses alone.
      .filter((use) => !/^(conformance node:(net|http)|connections node:(net|https|dns))$/.test(use))
    expect(network).toEqual([])
    // Code in a browser sends requests to its own pages; `sec-fetch-site` is a header.
    const own = /^(client|conformance|pages[\\/]client)/
    expect(files.filter((name) => !own.test(name) && /(?<!-)\bfetch\b/.test(code(name)))).toEqual([])
  })

  test('nothing but the command itself uses the command', () => {
    expect(files.filter((name) => /from '[^']*\bcli\//.test(code(name)))).toEqual([])
  })

  test('it makes no code of texts, reads no environment and ends no process', () => {
    const signs = /\beval\(|new Function\b|\bimport\(|\brequire\(|process\.(env|exit|kill|chdir|binding)|globalThis\./
    // The one package that is loaded on demand has a constant name.
    const loading = join('connections', 'federated', 'jose.ts')
    expect(files.filter((name) => signs.test(code(name)))).toEqual([loading])
    expect(code(loading).match(signs)?.[0]).toBe('import(')
    expect(code(loading)).toMatch(/await import\('jose'\)/)
  })
})
