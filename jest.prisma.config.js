import config from './jest.config.js'

/** Filters by Prisma itself, which is large and has a lock file of its own: `npm run test:prisma` installs it first. */
/** @type {import('jest').Config} */
export default {
  ...config,
  testMatch: ['<rootDir>/test/prisma/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
}
