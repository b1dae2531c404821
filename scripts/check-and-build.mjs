#!/usr/bin/env node
// Before npm test: all of npm run check, and npm run build, in two lanes beside each other. The compiler takes as long
// as the rest.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const checks = [...scripts.check.matchAll(/npm run (\w+)/g)].map(([, name]) => name)

const lanes = [['types'], ['build', ...checks.filter((name) => name !== 'types')]]
const codes = (await Promise.all(lanes.map(runAll))).flat()
process.exitCode = codes.every((code) => code === 0) ? 0 : 1

/**
 * Runs scripts of package.json one after the other, each even if the script before it has failed. Gives their exit
 * codes.
 */
async function runAll(names) {
  const codes = []
  for (const name of names) codes.push(await run(name))
  return codes
}

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
