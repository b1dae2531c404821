import { type Guide, guides, type Method, renderGuide, type Variant } from '../../guides/index.js'
import { parseUrl } from '../../parse-url.js'
import { nearest } from '../../suggest.js'
import { type Command, listOf, textOf, type Values } from '../shared/command.js'
import { UsageError } from '../shared/io.js'

const ids = Object.keys(guides)

export const guideCommand: Command = {
  name: 'guide',
  arguments: ['PROVIDER'],
  summary: 'Write a set-up guide for your customers, as Markdown.',
  description: [
    `Writes the steps with which an administrator connects an identity provider to your application: the buttons to press, the values to paste, the errors that may occur and the messages that the provider then shows. PROVIDER is one of ${ids.join(', ')}.`,
    'The guide never contains a token: it says where the administrator gets one.',
  ],
  options: {
    product: { type: 'string', value: 'NAME', help: 'The name of your application.' },
    url: { type: 'string', value: 'URL', help: 'The base URL of SCIM, such as https://app.example/scim/v2.' },
    support: {
      type: 'string',
      value: 'CONTACT',
      help: 'The contact for questions of your customers: an address or a name.',
    },
    app: { type: 'string', value: 'KIND', help: 'Only for this kind of application at the provider.' },
    method: { type: 'string', value: 'METHOD', help: 'Only for this method: token, header, oauth or federated.' },
    'sign-in': {
      type: 'string',
      value: 'BY',
      help: 'The attribute by which people sign in: userName or emails. Default userName.',
    },
    attributes: {
      type: 'string',
      multiple: true,
      value: 'PATH,…',
      help: 'The attributes that your application keeps. The guide then says which attribute mappings to delete and to add.',
    },
    level: { type: 'string', value: 'N', help: 'The level of the first heading, 1 to 4. Default 1.' },
    'no-sources': { type: 'boolean', help: 'Leave out the sources of the statements.' },
  },
  exits: [
    ['0', 'The guide was written.'],
    ['2', 'There is no such guide, or no such variant of it.'],
  ],
  examples: [
    [
      'npx express-scim guide entra --product Acme --url https://app.example/scim/v2 > entra.md',
      'a page for a help centre',
    ],
    [
      'npx express-scim guide okta --product Acme --url https://app.example/scim/v2 --app custom',
      'only the steps of a custom application',
    ],
  ],
  run: async ({ arguments: [provider = ''], values }, io) => {
    const guide = guideOf(provider)
    const product = textOf(values, 'product') ?? 'the application'
    const attributes = values.attributes === undefined ? undefined : listOf(values, 'attributes')
    const signIn = oneOf(values, 'sign-in', ['userName', 'emails'] as const)
    const app = oneOf(values, 'app', idsOf(guide.apps))
    const method = oneOf(values, 'method', idsOf(guide.methods))
    const level = Number(oneOf(values, 'level', ['1', '2', '3', '4']) ?? 1)
    const of = { product, url: urlOf(values), support: textOf(values, 'support'), signIn, attributes }
    io.out(renderGuide(guide, of, { ...variantOf(guide, app, method), level, sources: values['no-sources'] !== true }))
    return 0
  },
}

function guideOf(provider: string): Guide {
  const found = Object.values(guides).find(({ id }) => id === provider.toLowerCase())
  if (found !== undefined) return found
  const near = nearest(provider, ids, 2)
  const hint = near === undefined ? `There are guides for ${ids.join(', ')}.` : `Did you mean ${near}?`
  throw new UsageError(`There is no guide for "${provider}". ${hint}`)
}

/** The kind of application and the method together. A kind of application may not support every method. */
function variantOf(guide: Guide, app: string | undefined, method: Method | undefined): Variant {
  const offered = guide.apps.find(({ id }) => id === app)?.methods
  if (method === undefined || offered === undefined || offered.includes(method)) return { app, method }
  throw new UsageError(`--app ${app} has no --method ${method}; it has ${offered.join(', ')}.`)
}

function urlOf(values: Values): string {
  const url = textOf(values, 'url') ?? 'https://app.example/scim/v2'
  if (parseUrl(url) === undefined) throw new UsageError('--url must be a URL such as https://app.example/scim/v2.')
  return url
}

function idsOf<Id extends string>(choices: readonly { readonly id: Id }[]): readonly Id[] {
  return choices.map(({ id }) => id)
}

/** The value of an option that must be one of some words. */
function oneOf<Word extends string>(values: Values, option: string, words: readonly Word[]): Word | undefined {
  const given = textOf(values, option)
  const found = words.find((word) => word === given)
  if (given === undefined || found !== undefined) return found
  if (words.length === 0) throw new UsageError(`This guide has no --${option}.`)
  throw new UsageError(`--${option} must be one of ${words.join(', ')}, not "${given}".`)
}
