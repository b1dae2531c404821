import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const root = join(__dirname, '../..')
const readJson = (name: string): any => JSON.parse(readFileSync(join(root, name), 'utf8'))
const locked: Readonly<Record<string, Locked>> = readJson('package-lock.json').packages

describe('package-lock.json', () => {
  test('is that of package.json', () => {
    const { dependencies, devDependencies } = readJson('package.json')
    expect(locked['']).toMatchObject({ dependencies, devDependencies })
  })

  // A registry or machine that lacks the packages of other platforms drops them, and `npm ci` refuses such a file.
  test('holds what its packages ask for, for all platforms', () => {
    const missing = Object.entries(locked).flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !isLocked(path, name)),
    )
    expect(missing).toEqual([])
  })

  test('pins every development tool', () => {
    const { devDependencies } = readJson('package.json')
    const loose = Object.values<string>(devDependencies).filter(
      (version) => !/^(npm:.*@)?\d+\.\d+\.\d+[\w.-]*$/.test(version),
    )
    expect(loose).toEqual([])
  })
})

/** Node looks for a package in the node_modules of the importing package, and in the folders around it. */
function isLocked(path: string, name: string): boolean {
  const folders = path.split(/(?=\/node_modules\/)/).map((_part, index, parts) => parts.slice(0, index + 1).join(''))
  return ['', ...folders].some((folder) => Object.hasOwn(locked, `${folder}/node_modules/${name}`.replace(/^\//, '')))
}
