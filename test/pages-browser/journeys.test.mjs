import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { after, afterEach, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { launch } from './browser.mjs'
import { PEOPLE, provider, startProduct } from './product.mjs'
import { visit } from './visit.mjs'

const ENTRA = 'Microsoft-SCIM/1.0'
const OKTA = 'Okta SCIM Client 1.0.0'
const NAMES = { entra: 'Microsoft Entra ID', okta: 'Okta' }
// Values of the form that Microsoft Entra ID has.
const ISSUER = 'https://login.microsoftonline.com/0f8fad5b-d9cb-469f-a165-70867728950e/v2.0'
const SUBJECT = '6fa459ea-ee8a-3ca4-894e-db77e160355e'
const APP = '886313e1-3b8a-5372-9b90-0c9aee199e5d'
const HOSTILE = `<img src=x onerror="alert('x')"> \u202egnp.exe`

let chromium
let ends = []
before(async () => {
  chromium = await launch()
})
after(() => chromium?.close())
afterEach(async () => {
  for (const end of ends.reverse()) await end()
  ends = []
})

async function productOf(options) {
  const product = await startProduct(options)
  ends.push(product.end)
  return product
}

async function visitorOf(product, who, options) {
  const visitor = await visit(chromium.browser, product, who, options)
  ends.push(visitor.leave)
  return visitor
}

/** A connection with a token, made without the pages. */
async function connected(product, { tenant = 'northwind', provider: name = 'entra', agent = ENTRA } = {}) {
  const { connection, token } = await product.connections.create({
    tenant,
    provider: name,
    name: NAMES[name],
    by: PEOPLE.ada.actor,
  })
  return { connection, token, client: provider(connection.url, token, agent) }
}

/** Goes on in the wizard, by hand, to the step of this title. */
async function goOnTo(visitor, title) {
  for (let step = 0; step < 15; step += 1) {
    await visitor.settle()
    const heading = await visitor.page.waitForSelector('#step-title')
    const at = await heading.evaluate(({ textContent }) => textContent)
    if (at === title) return
    const button = await visitor.page.waitForSelector('.step > .row .button:not([disabled])')
    await button.click()
    await visitor.page.waitForFunction(
      (before) => document.querySelector('#step-title')?.textContent !== before,
      {},
      at,
    )
  }
  assert.fail(`The wizard does not come to "${title}".`)
}

const pasted = (visitor, label) =>
  visitor.page.evaluate((wanted) => {
    const term = [...document.querySelectorAll('.paste dt')].find((dt) => dt.textContent === wanted)
    return term?.nextElementSibling?.querySelector('code')?.textContent
  }, label)

describe('the set-up', () => {
  test('of Entra: from nothing to the first person and the first leaver, each step ticked by what arrives', async () => {
    const product = await productOf()
    const ada = await visitorOf(product, 'ada')
    await ada.open()
    await ada.press('Connect a directory', 'link')
    await ada.press('Microsoft Entra ID', 'radio')
    await ada.press('Continue')
    await ada.sees('Connect Microsoft Entra ID')
    await goOnTo(ada, 'Find or make the application in Entra')
    await (await ada.page.waitForSelector('.option input')).click()
    await goOnTo(ada, 'Open Provisioning and choose a method')
    await ada.sees('recommended')
    await (await ada.page.waitForSelector('.option input')).click()
    await goOnTo(ada, 'Paste the URL and the token')
    await ada.press('Make the token')
    await ada.sees('It is shown only now.')
    const url = (await pasted(ada, 'Tenant URL')).replace(/\?.*/, '')
    const token = await pasted(ada, 'Secret Token')
    await goOnTo(ada, 'Press Test Connection')
    await ada.sees('Waiting for Microsoft Entra ID')

    // The page reports a token that was cut while the administrator stands in Entra.
    const cut = provider(url, token.slice(0, -3), ENTRA)
    assert.equal((await cut.test()).status, 401)
    await ada.sees(`It must end in ${token.slice(-4)}; it ends in ${token.slice(-7, -3)}. Copy it again.`)

    const entra = provider(url, token, ENTRA)
    assert.equal((await entra.test()).status, 200)
    await ada.sees('Entra looked for a person who does not exist and was told so')
    await goOnTo(ada, 'Provision the person on demand')
    const anna = await entra.create('anna@northwind.example')
    assert.equal(anna.status, 201)
    await ada.sees('The person has arrived')
    await goOnTo(ada, 'Test a leaver')
    assert.equal((await entra.deactivate(anna.body.id)).status, 200)
    await ada.sees('look whether the person is inactive')
    await ada.press('Finish')
    await ada.sees('Everything is set up')
    await ada.sees('Created until now: people 1, groups 0. The token or secret ends on')
    assert.equal(await ada.page.$('::-p-aria([name="Finish"][role="button"])'), null)
    assert.deepEqual(ada.complaints, [])
  })

  test('of Okta: connected and nobody comes, then a person, then the log', async () => {
    const product = await productOf()
    const ada = await visitorOf(product, 'ada')
    await ada.open('new')
    await ada.press('Okta', 'radio')
    await ada.press('Continue')
    await goOnTo(ada, 'Find out which Okta application Acme is')
    await (await ada.page.waitForSelector('.option input')).click()
    await goOnTo(ada, 'Paste the URL and the token')
    await ada.press('Make the token')
    await ada.sees('It is shown only now.')
    const url = await pasted(ada, 'SCIM connector base URL')
    const okta = provider(url, await pasted(ada, 'Authorization'), OKTA)
    await goOnTo(ada, 'Test and save')
    assert.equal((await okta.ask('GET', '/Users?startIndex=1&count=2')).status, 200)
    await ada.sees('Okta is connected. It does not yet send anybody.')
    await goOnTo(ada, 'Assign one person')
    await okta.find('bea@northwind.example')
    assert.equal((await okta.create('bea@northwind.example')).status, 201)
    await ada.sees('The person has arrived')
    assert.equal((await okta.create('bea@northwind.example')).status, 409)
    await ada.open('log')
    await ada.sees('There is another User with the same')
    assert.deepEqual(ada.complaints, [])
  })

  test('of Entra without a secret: four values in one box, an audience that does not fit, then the test', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwks = () => ({ keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig' }] })
    const product = await productOf({ federation: { [ISSUER]: { jwks } } })
    const ada = await visitorOf(product, 'ada')
    await ada.open('new')
    await ada.press('Microsoft Entra ID', 'radio')
    await ada.press('Continue')
    await goOnTo(ada, 'Find or make the application in Entra')
    await (await ada.page.waitForSelector('.option input')).click()
    await goOnTo(ada, 'Open Provisioning and choose a method')
    await (await ada.page.waitForSelector('.option:last-of-type input')).click()
    await goOnTo(ada, 'Register the workload identity')
    const values = [`Subject identifier ${SUBJECT}`, `Audience ${APP}`]
    await (await ada.page.waitForSelector('textarea')).type(values.join('\n'))
    await ada.sees('Something is missing.')
    await (await ada.page.waitForSelector('textarea')).type(`\nIssuer ${ISSUER}`)
    await ada.sees('Tenant of Entra')
    await ada.press('Take these values')
    await ada.sees('The values are taken.')
    const clientId = await pasted(ada, 'Client ID')
    const tokenUrl = await pasted(ada, 'Token URL')
    const ask = (claims) => {
      const now = Math.floor(Date.now() / 1_000)
      const all = { iss: ISSUER, sub: SUBJECT, aud: APP, iat: now, nbf: now, exp: now + 3_900, ...claims }
      const [head, body] = [
        { alg: 'RS256', kid: 'k1' },
        { tid: ISSUER.split('/')[3], ...all },
      ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      const signature = sign('sha256', Buffer.from(`${head}.${body}`), rsa.privateKey).toString('base64url')
      const form = {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: `${head}.${body}.${signature}`,
      }
      return fetch(tokenUrl, { method: 'POST', body: new URLSearchParams(form) })
    }
    assert.equal((await ask({ aud: SUBJECT })).status, 401)
    await ada.page.reload()
    await ada.sees('Compare the audience in Acme')
    const { access_token: token } = await (await ask({})).json()
    const url = (await pasted(ada, 'SCIM URL')).replace(/\?.*/, '')
    assert.equal((await provider(url, token, ENTRA).test()).status, 200)
    await goOnTo(ada, 'Press Test Connection')
    await ada.sees('Entra looked for a person who does not exist and was told so')
    assert.deepEqual(ada.complaints, [])
  })

  test('can be sent to a colleague, who sees this connection and nothing else', async () => {
    const product = await productOf()
    const { connection } = await connected(product)
    const ada = await visitorOf(product, 'ada')
    await ada.open(`connections/${connection.id}/setup`)
    await ada.press('Send this to a colleague')
    await ada.press('Make a link')
    const link = await (await ada.page.waitForSelector('dialog .copy code')).evaluate((code) => code.textContent)
    const colleague = await visitorOf(product, undefined)
    await colleague.page.goto(link)
    await colleague.sees('Connect Microsoft Entra ID')
    assert.equal(colleague.page.url().includes(link.split('#')[1]), false)
    await colleague.page.goto(colleague.page.url().replace(/#.*/, '#/people'))
    await colleague.sees('Connect Microsoft Entra ID')
    assert.doesNotMatch(await colleague.text(), /Your data/)
    // The same browser may come again; another one is not let in.
    await colleague.page.goto('about:blank')
    await colleague.page.goto(link)
    await colleague.sees('Connect Microsoft Entra ID')
    const other = await visitorOf(product, undefined)
    await other.page.goto(link)
    await other.sees('was opened in another browser')
    assert.deepEqual(colleague.complaints, [])
  })
})

describe('the pages', () => {
  test('show hostile names as text', async () => {
    const product = await productOf()
    const { client } = await connected(product)
    const { body } = await client.create('mallory@northwind.example', { displayName: HOSTILE, title: HOSTILE })
    await client.createGroup(HOSTILE, [body.id])
    const ada = await visitorOf(product, 'ada')
    for (const place of ['people', `people/${body.id}`, 'groups']) {
      await ada.open(place)
      await ada.sees('<img src=x onerror=')
      await ada.sees('⟨U+202E⟩')
      assert.equal(await ada.page.$('main img'), null)
    }
    assert.deepEqual(ada.complaints, [])
  })

  test('of another tenant are not there, neither its people nor its connections', async () => {
    const product = await productOf()
    const { connection, client } = await connected(product)
    const { body } = await client.create('anna@northwind.example')
    const bo = await visitorOf(product, 'bo')
    await bo.open()
    await bo.sees('Connect your company directory')
    for (const place of [`connections/${connection.id}`, `people/${body.id}`]) {
      await bo.page.goto(`${product.origin}${bo.mount}#/${place}`)
      await bo.page.reload()
      await bo.sees('This did not work')
      assert.doesNotMatch(await bo.text(), /anna@northwind/)
    }
    await bo.open('log')
    await bo.sees('No request has come yet')
  })

  test('offer nothing that the reader may not do', async () => {
    const product = await productOf()
    const { connection } = await connected(product)
    const lin = await visitorOf(product, 'lin')
    await lin.open(`connections/${connection.id}/credentials`)
    await lin.sees('has not been used yet')
    const buttons = await lin.page.$$eval('a, button', (all) => all.map(({ textContent }) => textContent))
    assert.deepEqual(
      buttons.filter((text) => /Revoke|Replace|People|Groups|Recording|Pause|Close/.test(text)),
      [],
    )
    await lin.page.goto(`${product.origin}${lin.mount}#/people`)
    await lin.page.reload()
    await lin.sees('This did not work')
    for (const who of ['nobody', undefined]) {
      const stranger = await visitorOf(product, who)
      await stranger.page.goto(`${product.origin}/settings/scim/`)
      await stranger.sees('This did not work')
    }
  })

  test('make, replace and revoke credentials, and say which has not been used', async () => {
    const product = await productOf()
    const { connection, client } = await connected(product)
    await client.test()
    const ada = await visitorOf(product, 'ada')
    await ada.open(`connections/${connection.id}/credentials`)
    await ada.press('Replace')
    await ada.page.waitForSelector('dialog[open]')
    await (await ada.page.waitForSelector('dialog button[type="submit"]')).click()
    await ada.sees('Your new credential')
    await ada.sees('has not been used yet')
    await ada.sees('Being replaced')
    const token = await (await ada.page.waitForSelector('.notice .copy code')).evaluate((code) => code.textContent)
    assert.equal((await provider(connection.url, token, ENTRA).test()).status, 200)
    assert.equal((await client.test()).status, 200)
    await ada.page.reload()
    await ada.page.waitForSelector('table')
    assert.equal((await ada.text()).includes(token), false)
    const revoke = await ada.page.$$('td .danger')
    await revoke.at(-1).click()
    await (await ada.page.waitForSelector('dialog button[type="submit"]')).click()
    await ada.sees('Revoked')
    assert.deepEqual(ada.complaints, [])
  })

  test('let only test people through until the connection goes live', async () => {
    const product = await productOf()
    const { connection, client } = await connected(product)
    const ada = await visitorOf(product, 'ada')
    await ada.open(`connections/${connection.id}/setup`)
    await ada.type('User names, one a line, at most five', 'anna@northwind.example')
    await ada.press('Only let these through')
    await ada.sees('In test: only these are let through')
    assert.equal((await client.create('anna@northwind.example')).status, 201)
    assert.equal((await client.create('ben@northwind.example')).status, 403)
    await ada.press('Go live')
    await ada.sees('Try with a few people first')
    assert.equal((await client.create('ben@northwind.example')).status, 201)
  })

  test('record with values hidden, and show who records', async () => {
    const product = await productOf()
    const { connection, client } = await connected(product)
    const ada = await visitorOf(product, 'ada')
    await ada.open(`connections/${connection.id}/recording`)
    await ada.press('Record for 15 minutes')
    await ada.sees('ada@northwind.example records. Values are hidden')
    // Another process learns within a second that the recording is on.
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await client.create('anna@northwind.example')
    await ada.press('Show new exchanges')
    await ada.sees('POST')
    await (await ada.page.waitForSelector('main summary')).click()
    await ada.sees('userName')
    assert.doesNotMatch(await ada.text(), /anna@/)
    await ada.press('Stop')
    await ada.sees('Record for 15 minutes')
    assert.deepEqual(ada.complaints, [])
  })

  test('show the staff all customers, ask them why, and tell the customer', async () => {
    const product = await productOf()
    const { client } = await connected(product)
    await client.create('anna@northwind.example')
    await connected(product, { tenant: 'contoso', provider: 'okta' })
    const grace = await visitorOf(product, 'grace')
    await grace.open()
    await grace.sees('northwind')
    await grace.sees('contoso')
    await grace.open('tenants/northwind/people')
    await grace.sees('Why do you look at people of northwind?')
    assert.doesNotMatch(await grace.text(), /anna@/)
    await grace.type('Reason', 'Ticket 4711: Anna cannot sign in')
    await grace.press('Look')
    await grace.sees('anna@northwind.example')
    await grace.open('service')
    await grace.sees('Resource types')
    const ada = await visitorOf(product, 'ada')
    await ada.open('data')
    await ada.sees('Ticket 4711: Anna cannot sign in')
    await ada.sees('grace@acme.example')
    assert.deepEqual([...grace.complaints, ...ada.complaints], [])
  })

  test('can be used by keyboard alone', async () => {
    const product = await productOf()
    const { connection, client } = await connected(product)
    await client.ask('GET', '/Users/Users')
    const ada = await visitorOf(product, 'ada')
    await ada.open()
    await ada.sees('Connections')
    await ada.page.focus('.skip')
    await ada.page.keyboard.press('Enter')
    assert.equal(await ada.page.evaluate(() => document.activeElement?.id), 'content')
    const tabTo = async (text) => {
      await ada.sees(text)
      for (let press = 0; press < 40; press += 1) {
        await ada.page.keyboard.press('Tab')
        const focused = await ada.page.evaluate(() => {
          const { activeElement: element } = document
          // Behind the last element the body has the focus, and its text is the text of the whole page.
          return element === null || element === document.body ? '' : element.textContent
        })
        if (focused.includes(text)) return
      }
      assert.fail(`Tab does not come to "${text}".`)
    }
    await tabTo(connection.name)
    await ada.page.keyboard.press('Enter')
    await ada.sees('Latest refusals')
    // After a change of place the reader is at its heading.
    assert.equal(await ada.page.evaluate(() => document.activeElement?.tagName), 'H1')
    await tabTo('The address in the identity provider is wrong')
    await ada.page.keyboard.press('Enter')
    await ada.sees('Copy for support')
    await ada.page.focus('.button.danger')
    await ada.page.keyboard.press('Enter')
    await ada.page.waitForSelector('dialog[open]')
    await ada.page.keyboard.press('Escape')
    await ada.page.waitForSelector('dialog', { hidden: true })
  })

  test('follow the colours and texts of the product, and the scheme of the reader or of the element', async () => {
    const product = await productOf({
      pages: {
        colours: { accent: 'light-dark(#007755, #66ddaa)' },
        texts: { 'connections.title': 'Verbindungen' },
      },
    })
    await connected(product)
    const ada = await visitorOf(product, 'ada')
    await ada.open()
    await ada.sees('Verbindungen')
    await ada.page.waitForSelector('a.button.primary')
    const colours = (theme) =>
      ada.page.evaluate((value) => {
        if (value === undefined) delete document.body.dataset.theme
        else document.body.dataset.theme = value
        const of = (selector) => getComputedStyle(document.querySelector(selector)).backgroundColor
        return [of('a.button.primary'), of('.scim-pages')]
      }, theme)
    const light = ['rgb(0, 119, 85)', 'rgb(255, 255, 255)']
    const dark = ['rgb(102, 221, 170)', 'rgb(19, 19, 18)']
    const inScheme = async (value) => {
      await ada.page.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ])
      return [await colours(), await colours('light'), await colours('dark')]
    }
    assert.deepEqual(await inScheme('light'), [light, light, dark])
    assert.deepEqual(await inScheme('dark'), [dark, light, dark])
  })

  test('take at most 60 kB, and load nothing from elsewhere', async () => {
    const product = await productOf()
    const ada = await visitorOf(product, 'ada')
    const asked = []
    ada.page.on('request', (request) => asked.push(request.url()))
    await ada.open()
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(product.origin)),
      [],
    )
    const files = asked.filter((url) => /\.(js|css)\b/.test(url))
    assert.equal(files.length, 2)
    let size = 0
    for (const file of files) size += gzipSync(Buffer.from(await (await fetch(file)).arrayBuffer())).length
    assert.ok(size > 10_000 && size <= 60_000, `${size} bytes`)
  })
})

describe('axe finds nothing, and nothing is wider than the screen', () => {
  for (const [scheme, width] of [
    ['light', 1280],
    ['dark', 360],
  ]) {
    test(`${scheme}, ${width} pixels`, async () => {
      const product = await productOf()
      const { connection, client } = await connected(product)
      const { body } = await client.create('anna@northwind.example', { 'urn:example:costCenter': '17' })
      const group = await client.createGroup('Engineering', [body.id])
      await client.ask('GET', '/Users/Users')
      await product.connections.rotate({ tenant: 'northwind', id: connection.id, by: PEOPLE.ada.actor })
      const place = `connections/${connection.id}`
      const places = {
        ada: ['', 'new', place, `${place}/setup`, `${place}/credentials`, `${place}/log`, `${place}/recording`].concat([
          'people',
          `people/${body.id}`,
          'groups',
          `groups/${group.body.id}`,
          'log',
          'data',
        ]),
        bo: ['', 'people', 'groups', 'log'],
        grace: [
          '',
          'service',
          `tenants/northwind/${place}`,
          'tenants/northwind/people',
          'tenants/northwind/tolerances',
        ],
      }
      const found = []
      for (const [who, list] of Object.entries(places)) {
        const visitor = await visitorOf(product, who, { width, scheme })
        for (const one of list) {
          await visitor.open(one)
          await visitor.settle()
          for (const details of await visitor.page.$$('details:first-of-type > summary')) await details.click()
          for (const fault of await visitor.faults()) found.push(`${who} ${one}: ${fault}`)
          if ((await visitor.overflow()) > 0) found.push(`${who} ${one}: wider than the screen`)
        }
        for (const complaint of visitor.complaints) found.push(`${who}: ${complaint}`)
      }
      assert.deepEqual(found, [])
    })
  }
})
