#!/usr/bin/env node
// Before npm test: npm run check and npm run build beside each other, since neither needs what the other makes.
import { spawn } from 'node:child_process'

const codes = await Promise.all(['check', 'build'].map(run))
process.exitCode = codes.every((code) => code === 0) ? 0 : 1

/** Runs a script of package.json. Gives its exit code. */
function run(name) {
  return new Promise((resolve) => {
    // npm is a shell script on Windows.
    const child = spawn('npm', ['run', name, '--silent'], { stdio: 'inherit', shell: process.platform === 'win32' })
    child.on('error', (error) => {
      console.error(`npm run ${name} could not be started: ${error.message}`)
      resolve(1)
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
