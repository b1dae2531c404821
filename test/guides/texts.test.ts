import { fillText, guides, renderGuide, textsOf, withTexts } from '../../src/guides/index.js'

const values = { product: 'Acme', url: 'https://app.example/scim/v2/' }

describe('texts', () => {
  test('each has a key, and each can be replaced', () => {
    for (const guide of Object.values(guides)) {
      const keys = Object.keys(textsOf(guide))
      const own = withTexts(guide, Object.fromEntries(keys.map((key) => [key, `<${key}>`])))
      expect(textsOf(own)).toEqual(Object.fromEntries(keys.map((key) => [key, `<${key}>`])))
    }
  })

  test('what is typed, asked or compared is no text and stays', () => {
    const own = withTexts(guides.okta, { 'okta.steps.assign.title': 'Eine Person zuweisen' })
    const step = own.steps.find(({ id }) => id === 'assign')
    expect(step?.title).toBe('Eine Person zuweisen')
    expect(step?.seen).toBe(guides.okta.steps.find(({ id }) => id === 'assign')?.seen)
    expect(guides.okta.steps.find(({ id }) => id === 'assign')?.title).toBe('Assign one person')
    expect(own.steps.map(({ fields }) => fields?.map(({ value }) => value))).toEqual(
      guides.okta.steps.map(({ fields }) => fields?.map(({ value }) => value)),
    )
    expect(own.health).toEqual(guides.okta.health)
  })

  test('a key that is not there throws and leads to the list', () => {
    expect(() => withTexts(guides.okta, { 'okta.steps.asign.title': 'x' })).toThrow(
      'textsOf(guide) lists the keys. Did you mean "okta.steps.assign.title"? (ERR_SCIM_OPTION, see ',
    )
  })

  test('a text of one’s own with a placeholder without a value throws when the page is made', () => {
    const own = withTexts(guides.okta, { 'okta.intro.1': 'Hello {somebody}' })
    expect(() => renderGuide(own, values)).toThrow('names {somebody}, which has no value')
  })
})

describe('values', () => {
  test('fill a text, with those of an occasion', () => {
    expect(fillText('{product} at {host} was asked at {time} by {other}', values, { time: '17:04' })).toBe(
      'Acme at app.example was asked at 17:04 by {other}',
    )
    expect(fillText('{url}/Users {token} {support}', values)).toBe(
      'https://app.example/scim/v2/Users the token that Acme shows the support of Acme',
    )
  })

  test('of the object prototype are none', () => {
    expect(fillText('{constructor} {toString}', values)).toBe('{constructor} {toString}')
  })

  test('stand in a page as text: they are no marks of Markdown and break no table', () => {
    const product = 'A*c|me <b>_x_ [y](z) `'
    const page = renderGuide(guides.entra, { ...values, product })
    expect(page).toContain('A\\*c\\|me \\<b\\>\\_x\\_ \\[y\\](z) \\`')
    expect(page).not.toContain('A*c')
  })

  test('that are pasted stand as code, and words in their place do not', () => {
    const without = renderGuide(guides.entra, values, { method: 'token' })
    expect(without).toContain('**Secret Token**: the token that Acme shows\n')
    expect(without).toContain('**Tenant URL**: `https://app.example/scim/v2?aadOptscim062020`')
    const page = renderGuide(guides.entra, { ...values, token: 'acme_1' }, { method: 'token' })
    expect(page).toContain('**Secret Token**: `acme_1`')
  })
})

test('headings begin where the page wants them, and sources can be left out', () => {
  const page = renderGuide(guides.okta, values, { level: 3, sources: false })
  expect(page).toMatch(/^### Connect Okta with Acme\n/)
  expect(page).toContain('\n#### 1. ')
  expect(page).not.toContain('Sources')
})
