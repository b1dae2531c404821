import { commands } from '../../src/cli/commands.js'
import { express } from './terminal.js'

test('without a command, and with help, it lists them', async () => {
  for (const line of [[], ['--help'], ['help'], ['-h']]) {
    const { code, out } = await express(line)
    expect(code).toBe(0)
    const words = out.replace(/\s+/g, ' ')
    for (const { name } of commands) expect(words).toContain(`${name} `)
    for (const { summary } of commands) expect(words).toContain(summary)
  }
  expect(await express(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})

test.each(commands)(
  '$name has a page of help with examples, no line of which is too long',
  async ({ name, options }) => {
    for (const line of [
      [name, '--help'],
      ['help', name],
    ]) {
      const { code, out } = await express(line)
      expect(code).toBe(0)
      expect(out).toContain(`Usage: express-scim ${name}`)
      expect(out).toContain('Examples:')
      for (const option of Object.keys(options)) expect(out).toContain(`--${option}`)
      expect(out.split('\n').filter((one) => one.length > 110)).toEqual([])
    }
  },
)

test.each([
  [['chek', 'x'], 'There is no command "chek"; did you mean check?'],
  [['quite-other'], 'There is no command "quite-other". express-scim --help'],
  [['check', 'x', '--verbos'], 'There is no option --verbos. Did you mean --verbose?'],
  [['check', 'x', '--zzzzzzzzz'], 'There is no option --zzzzzzzzz. express-scim check --help lists the options.'],
  [['check', 'x', '-x'], 'There is no option -x. express-scim check --help lists the options.'],
  [['simulate', 'nobody-at-all', 'x'], 'There is no provider "nobody-at-all". Known providers: entra, okta-catalog'],
  [['check'], 'express-scim check needs URL'],
  [['check', 'a', 'b'], 'express-scim check needs URL'],
  [['check', 'x', '--as', 'nobody'], '--as must be one of rfc, entra'],
  [['check', 'x', '--junit'], 'argument missing'],
  [['check', 'x', '-H', 'nothing'], 'A header must be written as "Name: value"'],
  [['check', 'x', '--timeout', 'soon'], '--timeout must be a number of seconds.'],
  [['check', 'x', '--client-id', 'a'], '--client-id needs --token-url.'],
])('%j says what to do', async (line, words) => {
  const { code, out, err } = await express(line)
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(words)
})
