/**
 * Says at the end of a run which tests did not run and why: some need a server, which a machine may not have.
 */
const SERVERS = [
  { name: 'MySQL', needs: 'MySQL or MariaDB', help: 'Install mariadb-server, or set MYSQL_URL.' },
  { name: 'MongoDB', needs: 'a server of MongoDB', help: 'Set MONGO_URL.' },
]

module.exports = class NotRun {
  /** Called by jest. */
  constructor(config) {
    this.config = config
  }

  onRunComplete(_contexts, { testResults }) {
    // A run of named tests needs no other tests.
    if (this.config.testNamePattern) return
    for (const { name, needs, help } of SERVERS) {
      const skipped = testResults
        .map(({ testResults: tests, testFilePath }) => ({
          file: testFilePath.split('/test/').at(-1),
          count: tests.filter(({ status, fullName }) => status === 'pending' && fullName.includes(name)).length,
        }))
        .filter(({ count }) => count > 0)
      if (skipped.length === 0) continue
      const total = skipped.reduce((sum, { count }) => sum + count, 0)
      const files = skipped.map(({ file }) => file).join(', ')
      process.stderr.write(`\nNot run: ${total} tests that need ${needs}, in ${files}. ${help}\n`)
    }
  }
}
