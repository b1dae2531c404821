import type { ResourceAdapter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import type { AppOptions } from '../support/app.js'
import type { Answer, ScimClient } from '../support/client.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'

export const SECRET = 'a secret of 16 characters or more'

/** Stores that page in different ways. */
export type Store = 'positions' | 'candidates' | 'pages by index'

/** Users in a store that pages in one way, with cursors. */
export function optionsWith(store: Store, rest: Partial<AppOptions> = {}): AppOptions {
  return { resources: { User: { adapter: adapterOf(store) } }, cursor: { secrets: [SECRET] }, ...rest }
}

function adapterOf(store: Store): ResourceAdapter {
  // An array that answers every list with all of it.
  if (store === 'candidates') return { ...fixtureAdapter([], 'userName'), supports: { versions: true } }
  const users = memoryAdapters().users as unknown as ResourceAdapter
  return store === 'positions' ? users : { ...users, supports: { versions: true } }
}

/** Creates users with these names, one after the other. */
export async function createNamed(scim: ScimClient, names: readonly string[]): Promise<void> {
  for (const userName of names) {
    const answer = await scim.post('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName,
      title: `title ${userName}`,
    })
    expect(answer.status).toBe(201)
  }
}

/** `a01`, `a02`, and so on. */
export function numbered(count: number, prefix = 'a'): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}${String(at + 1).padStart(2, '0')}`)
}

/** The names on a page. */
export function names({ status, body }: Answer): readonly string[] {
  expect(status).toBe(200)
  return body.Resources.map(({ userName, displayName }: any) => userName ?? displayName)
}

/** A path with a query. */
export function query(parameters: Readonly<Record<string, string | number>>, path = '/Users'): string {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `${path}?${pairs.join('&')}`
}

/**
 * Follows `nextCursor` from the first page to the last.
 *
 * @param between runs between two pages.
 */
export async function walk(
  scim: ScimClient,
  parameters: Readonly<Record<string, string | number>>,
  {
    path = '/Users',
    between = async () => undefined,
  }: { path?: string; between?: (page: Answer) => Promise<unknown> } = {},
): Promise<readonly Answer[]> {
  const pages: Answer[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; cursor = pages.at(-1)?.body.nextCursor) {
    if (pages.length > 0) await between(pages.at(-1) as Answer)
    const page: Answer = await scim.get(query({ ...parameters, cursor }, path))
    expect(page.status).toBe(200)
    pages.push(page)
    expect(pages.length).toBeLessThan(100)
  }
  return pages
}
