#!/usr/bin/env node
// Builds dist for `npm start`, only if a source is newer, and without type declarations, which take most of the time.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const SOURCES = ['src', 'package.json', 'tsup.config.ts']
const BUILT = ['dist/index.js', 'dist/memory.js']

const built = Math.min(...BUILT.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0))
if (newest(SOURCES) > built) {
  console.log(built === 0 ? 'Building dist …' : 'Sources have changed: building dist …')
  const { status } = spawnSync(process.execPath, ['node_modules/tsup/dist/cli-default.js', '--no-dts'], {
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
} else {
  console.log('dist is up to date.')
}

function newest(paths) {
  return Math.max(
    ...paths.map((path) => {
      const { mtimeMs } = statSync(path)
      if (!statSync(path).isDirectory()) return mtimeMs
      return newest(readdirSync(path).map((name) => join(path, name)))
    }),
  )
}
