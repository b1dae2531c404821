import { EnterpriseUser, Group, User } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { ERROR } from '../../src/urn.js'
import type { App, AppOptions } from '../support/app.js'
import type { Answer } from '../support/client.js'

export const ENTERPRISE = EnterpriseUser.id

/** The body of a POST to /Users. */
export function user(userName: string, rest: object = {}): Record<string, unknown> {
  return { schemas: [User.id], userName, ...rest }
}

/** The body of a POST to /Groups; members by id. */
export function group(displayName: string, ...members: readonly string[]): Record<string, unknown> {
  return { schemas: [Group.id], displayName, members: members.map((value) => ({ value })) }
}

/** Users and groups in memory, with the other options of a test. */
export function memoryOptions(rest: Partial<AppOptions> = {}): AppOptions {
  const { users, groups } = memoryAdapters()
  return { resources: { User: { adapter: users }, Group: { adapter: groups } }, ...rest }
}

/** RFC 7644 section 3.12: the members that every error has. */
export function expectError(
  { status, body, headers }: Pick<Answer, 'status' | 'body'> & { readonly headers: Answer['headers'] | object },
  expected: number,
  scimType?: string,
): void {
  const type = headers instanceof Headers ? headers.get('content-type') : (headers as any)['content-type']
  expect({ status, ...body, type }).toEqual({
    status: String(expected),
    schemas: [ERROR],
    detail: expect.stringMatching(/\S/),
    type: expect.stringMatching(/^application\/(scim\+)?json$/),
    ...(scimType !== undefined && { scimType }),
  })
  expect(status).toBe(expected)
}

/** One attribute of every resource in a list. */
export function column(answer: Answer, attribute: string): any[] {
  expect(answer.status).toBe(200)
  return answer.body.Resources.map((resource: Record<string, unknown>) => resource[attribute])
}

/** Creates users one after the other and returns the answers. */
export async function createUsers(
  scim: { readonly post: (path: string, body: unknown) => Promise<Answer> },
  ...bodies: readonly object[]
): Promise<any[]> {
  const created = []
  for (const body of bodies) {
    const answer = await scim.post('/Users', body)
    expect(answer.status).toBe(201)
    created.push(answer.body)
  }
  return created
}

/** For servers of single tests: closes its argument after the test, even if the test fails. */
export function closedAfterEach(): (starting: Promise<App>) => Promise<App> {
  const running: App[] = []
  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.close()))
  })
  return async (starting) => {
    const app = await starting
    running.push(app)
    return app
  }
}
