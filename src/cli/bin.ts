#!/usr/bin/env node
import { main } from './main.js'
import { processIo } from './process-io.js'

// The reader may close the pipe early: `express-scim check … | head`. The command still runs to its end, so that it
// deletes the resources that it created.
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
