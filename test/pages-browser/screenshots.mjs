// Makes the pictures of the documentation: docs/img/pages/*.webp. Every page in light and dark at two widths by --all,
// into a folder.
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch } from './browser.mjs'
import { PEOPLE, provider, startProduct } from './product.mjs'
import { visit } from './visit.mjs'

const all = process.argv.includes('--all')
const folder = all
  ? join(tmpdir(), 'express-scim-pages')
  : fileURLToPath(new URL('../../docs/img/pages', import.meta.url))
mkdirSync(folder, { recursive: true })

const MINUTE = 60_000
const now = Date.now()
let clock = now - 40 * 24 * 60 * MINUTE
const product = await startProduct({
  now: () => clock,
  host: 'https://app.example',
  pages: { people: { count: () => 143 } },
  federation: {},
})
const place = await story()

const PAGES = {
  connections: ['ada', ''],
  new: ['ada', 'new'],
  status: ['ada', `connections/${place.entra}`],
  setup: ['ada', `connections/${place.okta}/setup`],
  federated: ['ada', `connections/${place.federated}/setup`],
  credentials: ['ada', `connections/${place.entra}/credentials`],
  people: ['ada', 'people'],
  person: ['ada', `people/${place.person}`],
  groups: ['ada', 'groups'],
  group: ['ada', `groups/${place.group}`],
  log: ['ada', 'log'],
  data: ['ada', 'data'],
  empty: ['bo', ''],
  emptyPeople: ['bo', 'people'],
  customers: ['grace', ''],
  customer: ['grace', `tenants/northwind/connections/${place.entra}`],
  reason: ['grace', 'tenants/northwind/people'],
  tolerances: ['grace', 'tenants/northwind/tolerances'],
  service: ['grace', 'service'],
}
const OF_THE_DOCS = [
  ['setup', 1280, 'light', 860],
  ['federated', 1280, 'light', 860],
  ['status', 1280, 'light', 860],
  ['log', 1280, 'light', 760],
  ['person', 1280, 'dark', 860],
  ['credentials', 1280, 'light', 560],
  ['setup', 390, 'light', 780],
  ['customers', 1280, 'light', 460],
]
const wanted = all
  ? Object.keys(PAGES).flatMap((name) =>
      [1280, 390].flatMap((width) => ['light', 'dark'].map((scheme) => [name, width, scheme, undefined])),
    )
  : OF_THE_DOCS

const { browser, close } = await launch()
for (const [name, width, scheme, height] of wanted) {
  const [who, path] = PAGES[name]
  const visitor = await visit(browser, product, who, { width, scheme })
  await visitor.page.setViewport({ width, height: height ?? 800, deviceScaleFactor: 1 })
  await visitor.open(path)
  await visitor.settle()
  if (name === 'log') await (await visitor.page.$('.code-of.warn')).click()
  await visitor.page.evaluate(() => document.activeElement?.blur())
  const picture = await visitor.page.screenshot({ fullPage: height === undefined, type: 'webp', quality: 82 })
  const suffix = `${width < 800 ? '-small' : ''}${scheme === 'dark' ? '-dark' : ''}`
  writeFileSync(join(folder, `${name}${suffix}.webp`), picture)
  await visitor.leave()
}
await close()
await product.end()
console.log(folder)

/** The requests that the product gets before the pictures are made. */
async function story() {
  const tenant = 'northwind'
  const by = PEOPLE.ada.actor
  const make = (of, name, title) => product.connections.create({ tenant: of, provider: name, name: title, by })
  const entra = await make(tenant, 'entra', 'Microsoft Entra ID')
  const client = provider(product.reach(entra.connection.url), entra.token, 'Microsoft-SCIM/1.0')
  await client.test()
  const people = []
  for (const name of [
    'Anna Berg',
    'Ben Fischer',
    'Ida Larsen',
    'Jón Þórsson',
    'Luca Romano',
    'Mei-Ling Chen',
    'Olu Adeyemi',
  ].concat(['Priya Nair', 'Sara Novak', 'Tom Okafor', 'Zoë Martin'])) {
    clock += 7 * 60 * MINUTE
    const [givenName, familyName] = name.split(' ')
    const ascii = `${givenName}.${familyName}`
      .normalize('NFD')
      .replace(/[^a-zA-Z.-]/g, '')
      .toLowerCase()
    const { body } = await client.create(`${ascii}@northwind.example`, {
      displayName: name,
      name: { givenName, familyName },
      title: people.length % 2 === 0 ? 'Engineer' : 'Designer',
      'urn:example:params:scim:Badge:costCenter': '4711',
    })
    people.push(body.id)
  }
  const group = await client.createGroup('Engineering', people.slice(0, 5))
  await client.createGroup('Everybody', people)
  await client.createGroup('Design', people.slice(5, 8))
  clock = now - 26 * 60 * MINUTE
  await product.connections.rotate({ tenant, id: entra.connection.id, by })
  for (const [other, name, title] of [
    ['wingtip', 'okta', 'Okta'],
    ['fabrikam', 'entra', 'Microsoft Entra ID'],
    ['tailspin', 'onelogin', 'OneLogin'],
  ]) {
    const made = await make(other, name, title)
    const own = provider(
      product.reach(made.connection.url),
      other === 'fabrikam' ? made.token.slice(0, -2) : made.token,
      'SCIM client',
    )
    await own.find('nobody@example.com')
  }
  clock = now
  await client.ask('GET', '/Users/Users')
  await client.create('anna.berg@northwind.example')
  await client.create('nora@northwind.example', { active: 'perhaps' })
  await client.deactivate(people[4])
  await product.connections.update({ tenant, id: entra.connection.id, by, setup: { finished: true } })
  const okta = await make(tenant, 'okta', 'Okta, subsidiary')
  const { id } = okta.connection
  await product.connections.update({
    tenant,
    id,
    by,
    setup: {
      app: 'custom',
      method: 'header',
      step: 'test',
      stepAt: new Date(clock).toISOString(),
      ticked: ['start', 'app', 'enable', 'connector'],
    },
  })
  await provider(product.reach(okta.connection.url), okta.token.slice(0, -4), 'Okta SCIM Client 1.0.0').find(
    'test@northwind.example',
  )
  const federated = await product.connections.create({
    tenant,
    provider: 'entra',
    name: 'Microsoft Entra ID, without a secret',
    method: 'federated',
    credential: false,
    by,
    setup: {
      app: 'saml',
      method: 'federated',
      step: 'federated',
      stepAt: new Date(clock).toISOString(),
      ticked: ['start', 'app', 'method'],
    },
  })
  await product.log.flush()
  return {
    entra: entra.connection.id,
    okta: id,
    federated: federated.connection.id,
    person: people[0],
    group: group.body.id,
  }
}
