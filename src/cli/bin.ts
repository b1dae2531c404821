#!/usr/bin/env node
import { main } from './main.js'
import { processIo } from './process-io.js'

main(process.argv.slice(2), processIo).then(
  (code) => {
    process.exitCode = code
  },
  (error: Error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`)
    process.exitCode = 2
  },
)
