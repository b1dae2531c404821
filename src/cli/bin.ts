#!/usr/bin/env node
import { main } from './main.js'
import { processIo } from './process-io.js'

// Who reads has seen enough: `express-scim check … | head`. The command goes on to its end, so that what it created is deleted.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

main(process.argv.slice(2), processIo).then(
  (code) => {
    process.exitCode = code
  },
  (error: Error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`)
    process.exitCode = 2
  },
)
