// Makes a client of Prisma for each database. Nothing is downloaded: tables are made by the tests, so the engine that
// makes them is not needed, and any program may stand for it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const model = readFileSync(`${folder}accounts.prisma`, 'utf8')

for (const provider of ['sqlite', 'postgresql']) {
  const schema = `${folder}generated/${provider}.prisma`
  mkdirSync(`${folder}generated`, { recursive: true })
  writeFileSync(schema, model.replace('"sqlite"', `"${provider}"`).replace('./generated/sqlite', `./${provider}`))
  execFileSync(process.execPath, [`${folder}node_modules/prisma/build/index.js`, 'generate'], {
    cwd: folder,
    env: { ...process.env, PRISMA_SCHEMA: schema, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
