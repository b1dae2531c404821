import config from './jest.config.js'

// Workers inherit it: test/support/length.ts reads it.
process.env.TEST_LENGTH = 'long'

/** Tests that take minutes, and the long forms of others: `npm run test:all` runs them after all others. */
/** @type {import('jest').Config} */
export default {
  ...config,
  testMatch: [
    '<rootDir>/test/long/**/*.test.ts',
    '<rootDir>/test/house/regular-expressions.test.ts',
    '<rootDir>/test/package/**/*.test.ts',
    '<rootDir>/test/property/**/*.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
}
