import { guides, renderGuide } from '../../src/guides/index.js'
import { express } from './terminal.js'

const url = 'https://app.example/scim/v2'

describe('guide', () => {
  test('writes the guide as Markdown', async () => {
    const line = ['guide', 'entra', '--product', 'Acme', '--url', url, '--support', 'help@acme.example']
    const { code, out, err } = await express(line)
    expect([code, err]).toEqual([0, ''])
    expect(out).toBe(renderGuide(guides.entra, { product: 'Acme', url, support: 'help@acme.example' }))
  })

  test('writes one variant, for an application with its own attributes', async () => {
    const line = ['guide', 'entra', '--app', 'saml', '--method', 'token', '--sign-in', 'emails', '--level', '2']
    const { code, out } = await express([...line, '--attributes', 'userName,active', '--no-sources'])
    expect(code).toBe(0)
    expect(out).toMatch(/^## Connect/)
    expect(out).toContain('| `mail` | `userName` |')
    expect(out).toContain('| `jobTitle` | `title` | Delete')
    expect(out).not.toContain('Client secret')
    expect(out).not.toContain('Sources')
  })

  test.each([
    [['guide', 'entrra'], 'There is no guide for "entrra". Did you mean entra?'],
    [['guide', 'something-else'], 'There are guides for entra, okta'],
    [['guide', 'entra', '--app', 'swa'], '--app must be one of saml, oidc, none, not "swa".'],
    [['guide', 'entra', '--method', 'basic'], '--method must be one of token, oauth, federated, not "basic".'],
    [['guide', 'okta', '--app', 'custom', '--method', 'token'], '--app custom has no --method token; it has header.'],
    [['guide', 'okta', '--url', 'nonsense'], '--url must be a URL'],
    [['guide', 'okta', '--level', '9'], '--level must be one of 1, 2, 3, 4, not "9".'],
  ])('%j says what to do', async (line, words) => {
    const { code, out, err } = await express(line)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(words)
  })
})
