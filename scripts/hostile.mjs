#!/usr/bin/env node
// Sends many more hostile inputs than `npm test`, and prints its progress: npm run hostile -- 50000 [seed]. Needs a
// build.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const [inputs = '50000', seed = '20240501'] = process.argv.slice(2)
const child = spawn(process.execPath, [join(ROOT, 'node_modules/jest/bin/jest.js'), 'test/security/hostile.test.ts'], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, HOSTILE_INPUTS: inputs, HOSTILE_SEED: seed },
})
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})
