import config from './jest.config.js'

/** Tests that take minutes: npm run test:all runs them after all others. */
/** @type {import('jest').Config} */
export default {
  ...config,
  testMatch: ['<rootDir>/test/long/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
}
