import { readdirSync, readFileSync } from 'node:fs'
import config from './jest.config.js'

// Workers inherit it: test/support/length.ts reads it.
process.env.TEST_LENGTH = 'long'

/** The tests that have a long form: test/support/length.ts tells them which one is wanted. */
const withLongForm = readdirSync(new URL('test', import.meta.url), { recursive: true })
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => readFileSync(new URL(`test/${name}`, import.meta.url), 'utf8').includes("/support/length.js'"))
  .map((name) => `<rootDir>/test/${name}`)

/** Tests that take minutes, and the long forms of others: `npm run test:all` runs them after all others. */
/** @type {import('jest').Config} */
export default {
  ...config,
  testMatch: ['<rootDir>/test/long/**/*.test.ts', '<rootDir>/test/property/{sql*,mongo}.test.ts', ...withLongForm],
  testPathIgnorePatterns: ['/node_modules/'],
}
