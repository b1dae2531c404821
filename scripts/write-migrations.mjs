#!/usr/bin/env node
// Writes sql/*.sql, the migrations of express-scim/postgres, for operators who run them with a tool of their own.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrations } from '../dist/postgres.js'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../sql')
mkdirSync(folder, { recursive: true })
for (const { name, statements } of migrations()) {
  writeFileSync(join(folder, `${name}.sql`), `${statements.join(';\n\n')};\n`)
}
