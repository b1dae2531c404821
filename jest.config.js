/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/test/support/environment.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // What takes minutes has a configuration of its own, and so has Prisma, which is installed for it.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/long/', '<rootDir>/test/prisma/'],
  setupFilesAfterEnv: ['<rootDir>/test/support/watch-secrets.ts', '<rootDir>/test/support/end-servers.ts'],
  transform: {
    // The probes of the benchmark, of which tests run a reduced form.
    'bench/(probes|servers/documents)\\.mjs$': [
      '@swc/jest',
      { jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
    // Packages that are ES modules alone, which the CommonJS of the tests cannot load.
    'node_modules/(jose|oauth4webapi)/.+\\.js$': [
      '@swc/jest',
      { jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(jose|oauth4webapi)/)'],
  // TypeScript sources import each other as Node would: './error.js' is error.ts here.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/.cache'],
  maxWorkers: 2,
  // Tests that need a server are skipped where there is none, and the run says so.
  reporters: ['default', '<rootDir>/test/support/not-run.cjs'],
  // Nothing here is about time: a busy machine may take its own.
  testTimeout: 60_000,
}
