import base from '../../jest.config.js'

/** The unit tests of what is mutated. The properties and vectors would find more, and take hours for it. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/{filter,patch}/**/*.test.ts'],
  setupFilesAfterEnv: [],
}
