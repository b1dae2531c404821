import { describeExpress, sharedApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { createUsers, expectError, memoryOptions, user } from './service.js'

const META = { created: '2020-01-01T00:00:00Z', lastModified: '2020-01-01T00:00:00Z', version: 'W/"1"' }
const NAMES = Array.from({ length: 25 }, (_, index) => `user-${String(index).padStart(2, '0')}`)
const LIMITS = { maxResults: 10, defaultResults: 7 }

/** The two ways to answer a list: by a page of the adapter, or by the router from all resources. */
const STORES = {
  pages: () => memoryOptions({ limits: LIMITS }),
  candidates: () => ({
    limits: LIMITS,
    resources: { User: { adapter: fixtureAdapter(NAMES.map((userName) => ({ id: userName, userName, meta: META }))) } },
  }),
}

describe.each(Object.entries(STORES))('%s', (title, options) => {
  describeExpress('pagination by index', (version) => {
    const app = sharedApp(options, version)
    beforeAll(async () => {
      if (title === 'pages') await createUsers(app.scim, ...NAMES.map((name) => user(name)))
    })
    const page = async (query: string) => {
      const { status, body } = await app.scim.get(`/Users?${query}`)
      expect(status).toBe(200)
      expect(body.itemsPerPage).toBe(body.Resources.length)
      return {
        total: body.totalResults,
        start: body.startIndex,
        names: body.Resources.map((each: any) => each.userName),
      }
    }

    // Decision A-125: without sortBy the order is the same for each page.
    test.each([
      ['', 1],
      ['startIndex=1', 1],
      ['startIndex=0', 1],
      ['startIndex=-5', 1],
      ['startIndex=3', 3],
    ])('[P-3.4.2.4-01] %j starts at %i', async (query, start) => {
      expect(await page(`count=2&${query}`)).toEqual({ total: 25, start, names: NAMES.slice(start - 1, start + 1) })
    })

    test.each([
      [1, 1],
      [2, 2],
      [10, 10],
      [11, 10],
      [100_000, 10],
    ])('[P-3.4.2.4-02, P-3.4.2.4-06, P-3.4.2.2-27] count %i gives %i', async (count, given) => {
      expect(await page(`count=${count}`)).toEqual({ total: 25, start: 1, names: NAMES.slice(0, given) })
    })

    test('[P-3.4.2.4-06] a count beyond all numbers is cut too', async () => {
      expect((await page(`count=${'9'.repeat(400)}`)).names).toHaveLength(10)
    })

    test.each([0, -1, -100])(
      '[P-3.4.2.4-03, P-3.4.2.4-04, P-3.4.2-03] count %i gives totalResults alone',
      async (count) => {
        expect(await page(`count=${count}`)).toEqual({ total: 25, start: 1, names: [] })
        expect(await page(`count=${count}&startIndex=4`)).toEqual({ total: 25, start: 4, names: [] })
        expect(await page(`count=${count}&filter=userName sw "user-0"`)).toEqual({ total: 10, start: 1, names: [] })
      },
    )

    test('[P-3.4.2.4-05] without count the page has the size of the server', async () => {
      expect((await page('')).names).toEqual(NAMES.slice(0, 7))
    })

    test.each(['26', '9999', '9'.repeat(30)])(
      '[P-3.4.2.4-07] startIndex %s is past the end: no resources, the right total',
      async (startIndex) => {
        expect(await page(`startIndex=${startIndex}`)).toMatchObject({ total: 25, names: [] })
      },
    )

    test('[P-3.4.2.4-08, P-3.4.2.4-09] the last page has what is left, the total is that of all', async () => {
      expect(await page('startIndex=21&count=10')).toEqual({ total: 25, start: 21, names: NAMES.slice(20) })
      expect(await page('startIndex=9&count=10&sortBy=userName&filter=userName sw "user-0"')).toEqual({
        total: 10,
        start: 9,
        names: NAMES.slice(8, 10),
      })
    })

    test.each([
      'count=abc',
      'count=1.5',
      'count=1e3',
      'count=0x1',
      'startIndex=one',
      'startIndex=1.0',
      'startIndex=NaN',
    ])('[P-3.4.2.4-10] %s is no integer: 400 invalidValue', async (query) =>
      expectError(await app.scim.get(`/Users?${query}`), 400, 'invalidValue'),
    )

    test.each([
      '',
      'filter=userName pr',
      'sortBy=userName&sortOrder=descending',
      'filter=userName gt "user-03"&sortBy=userName',
    ])('[P-3.4.2.4-11] a walk over %j meets each resource once', async (query) => {
      const walked: string[] = []
      const { total } = await page(`${query}&count=0`)
      while (walked.length < total)
        walked.push(...(await page(`${query}&count=4&startIndex=${walked.length + 1}`)).names)
      const expected = query.includes('gt') ? NAMES.slice(4) : NAMES
      expect([...walked].sort()).toEqual(expected)
      if (query.includes('descending')) expect(walked).toEqual([...NAMES].reverse())
    })
  })
})
