/**
 * Says in one line at the end of a run which tests did not run and why: those of MySQL need a server, which a machine may not
 * have.
 */
module.exports = class NotRun {
  /** Called by jest. */
  constructor(config) {
    this.config = config
  }

  onRunComplete(_contexts, { testResults }) {
    const skipped = testResults
      .map(({ testResults: tests, testFilePath }) => ({
        file: testFilePath.split('/test/').at(-1),
        count: tests.filter(({ status, fullName }) => status === 'pending' && fullName.includes('MySQL')).length,
      }))
      .filter(({ count }) => count > 0)
    // Who names a test wants no others.
    if (skipped.length === 0 || this.config.testNamePattern) return
    const total = skipped.reduce((sum, { count }) => sum + count, 0)
    const files = skipped.map(({ file }) => file).join(', ')
    process.stderr.write(
      `\nNot run: ${total} tests that need MySQL or MariaDB, in ${files}. Install mariadb-server, or set MYSQL_URL.\n`,
    )
  }
}
