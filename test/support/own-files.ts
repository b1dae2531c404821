import { readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import { ROOT } from './process.js'

/**
 * The paths of the project's own files in a folder, from the project's root. Some folders of `test` have packages of
 * their own, which may be installed or not.
 */
export function ownFiles(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.split(sep).includes('node_modules'))
    .map((name) => join(ROOT, folder, name))
}
