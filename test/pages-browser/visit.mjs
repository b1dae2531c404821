import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'
import { PEOPLE } from './product.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PATIENCE = 15_000
/** Milliseconds before each answer: `LATENCY=150 npm run test:pages` finds a step that does not wait for its page. */
const LATENCY = Number(process.env.LATENCY ?? 0)

/** A person of the product in a browser of their own. Complaints of the browser are kept. */
export async function visit(browser, product, who, { width = 1280, scheme = 'light' } = {}) {
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  const complaints = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    dialog.dismiss()
  })
  page.setDefaultTimeout(PATIENCE)
  if (LATENCY > 0) await page.emulateNetworkConditions({ latency: LATENCY, download: 1e8, upload: 1e8 })
  await page.setViewport({ width, height: 800 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
  if (who !== undefined) await context.setCookie({ name: 'who', value: who, url: product.origin, domain: '127.0.0.1' })
  const mount = who !== undefined && PEOPLE[who].tenant === undefined ? '/admin/scim/' : '/settings/scim/'
  const find = (text, role = 'button') => `::-p-aria([name="${text}"][role="${role}"])`
  const visitor = {
    page,
    complaints,
    mount,
    async open(place = '') {
      await page.goto(`${product.origin}${mount}#/${place}`)
      await page.waitForSelector('h1')
    },
    async press(name, role) {
      const element = await page.waitForSelector(find(name, role))
      // A list that is drawn anew may take the element away between the two.
      await element.click().catch(async () => (await page.waitForSelector(find(name, role))).click())
    },
    async type(label, text, role = 'textbox') {
      await (await page.waitForSelector(find(label, role))).type(text)
    },
    /** The text that can be read, without hidden text. */
    // biome-ignore lint/performance/useDomNodeTextContent: hidden text is not read.
    text: () => page.evaluate(() => document.body.innerText),
    async sees(text) {
      await page
        // biome-ignore lint/performance/useDomNodeTextContent: hidden text is not seen.
        .waitForFunction((wanted) => document.body.innerText.includes(wanted), { timeout: PATIENCE }, text)
        .catch(async () => assert.fail(`The page does not say "${text}". It says:\n${await visitor.text()}`))
    },
    /** The findings of axe in the page as it is. */
    async faults() {
      if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE)
      return page.evaluate(async () => {
        const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] })
        return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
      })
    },
    /** Whether something is wider than the screen. */
    overflow: () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    settle: () => wait(300),
    leave: () => context.close(),
  }
  return visitor
}
