import type { Answer } from '../../../client/index.js'
import { isUnassigned } from '../../../json-values.js'
import { type Bench, mustPatch, type Subject } from '../bench/bench.js'
import { type Capabilities, ENTERPRISE, GROUP, sameUri, USER } from '../bench/capabilities.js'
import {
  bodyOf,
  type Json,
  memberOf,
  must,
  mustBe,
  mustEqual,
  mustRefuse,
  resourcesOf,
  shown,
  valuesOf,
} from '../bench/expect.js'
import type { Level } from '../bench/outcome.js'
import { needsUsers } from '../bench/rule.js'
import type { Provider, ProviderTest } from './provider.js'

// The gallery of Microsoft Entra ID demands that 25 tests pass; they run in a subscription of the vendor. The tests
// below have the same names and send the requests of the provisioning service. The cycles and logs that start the tests
// at Microsoft are not part of them.

const MANAGER = `${ENTERPRISE}:manager`

/** The fewest requests for pages of five. */
const PAGED = 11

function entra(
  name: string,
  level: Level,
  title: string,
  run: ProviderTest['run'],
  skip?: ProviderTest['skip'],
): ProviderTest {
  return { name, level, title, run, skip: (given) => needsUsers(given) ?? skip?.(given) }
}

const noManager = ({ user }: Capabilities): string | undefined =>
  user?.extensions.some(({ schema }) => sameUri(schema, ENTERPRISE)) ? undefined : 'Users have no manager.'

async function found(
  bench: Bench,
  endpoint: string,
  name: string,
  value: unknown,
  query = '',
): Promise<readonly Json[]> {
  const filter = `filter=${name}+eq+${encodeURIComponent(JSON.stringify(value))}`
  const path = `${endpoint}?${query}${filter}`
  return resourcesOf(await bench.get(path), `GET ${endpoint} by ${name}`)
}

/** Searches for a user, creates the user, and searches again, as a first cycle does. */
async function provisioned(bench: Bench): Promise<Subject> {
  const enterprise = bench.hasEnterprise() && { [ENTERPRISE]: { department: 'Tours' } }
  const draft = bench.userDraft({
    externalId: bench.name('ext'),
    meta: { resourceType: 'User' },
    ...(enterprise && { schemas: [USER, ENTERPRISE], ...enterprise }),
  })
  mustEqual(
    (await found(bench, bench.users, 'userName', draft.userName)).length,
    0,
    'The number of users before creation',
  )
  const body = bodyOf(await bench.post(bench.users, draft), [200, 201], `POST ${bench.users}`)
  must(typeof body.id === 'string', `The answer to POST ${bench.users} has no id.`)
  const [user] = await found(bench, bench.users, 'userName', draft.userName)
  mustEqual(user?.id, body.id, 'The id that is found by userName')
  return { ...draft, ...body, id: body.id }
}

async function provisionedGroup(bench: Bench): Promise<Subject> {
  const draft = bench.groupDraft({
    schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
    externalId: bench.name('ext'),
    meta: { resourceType: 'Group' },
  })
  const body = bodyOf(await bench.post(bench.groups, draft), [200, 201], `POST ${bench.groups}`)
  must(typeof body.id === 'string', `The answer to POST ${bench.groups} has no id.`)
  const [group] = await found(bench, bench.groups, 'displayName', draft.displayName, 'excludedAttributes=members&')
  mustEqual(group?.id, body.id, 'The id that is found by displayName')
  return { ...draft, ...body, id: body.id }
}

async function change(bench: Bench, endpoint: string, subject: Json, ...operations: readonly Json[]): Promise<Json> {
  mustPatch(await bench.patch(bench.at(endpoint, subject), ...operations), `PATCH ${shown(operations)}`)
  return bench.read(endpoint, subject)
}

function managerOf(user: Json): unknown {
  return memberOf(memberOf(memberOf(user, ENTERPRISE), 'manager'), 'value')
}

/** The three changes of a manager. The caller gives the third. */
async function managers(bench: Bench, removal: Json): Promise<void> {
  const user = await provisioned(bench)
  const [one, two] = [await bench.newUser(), await bench.newUser()]
  const added = await change(bench, bench.users, user, { op: 'Add', path: MANAGER, value: one.id })
  mustEqual(managerOf(added), one.id, 'manager.value after Add')
  const replaced = await change(bench, bench.users, user, { op: 'Replace', path: MANAGER, value: two.id })
  mustEqual(managerOf(replaced), two.id, 'manager.value after Replace')
  const removed = await change(bench, bench.users, user, removal)
  must(
    isUnassigned(managerOf(removed)) || managerOf(removed) === '',
    `manager.value is ${shown(managerOf(removed))} after it was taken away.`,
  )
}

/** Walks through pages of five and checks the startIndex of each. */
async function paged(bench: Bench, endpoint: string, make: () => Promise<Subject>): Promise<void> {
  await bench.atLeast(PAGED, endpoint, make)
  for (let index = 0; index < 2; index += 1) {
    const startIndex = index * 5 + 1
    const answer: Answer = await bench.get(`${endpoint}?startIndex=${startIndex}&count=5`)
    const body = bodyOf(answer, 200, `GET ${endpoint}?startIndex=${startIndex}&count=5`)
    mustEqual(body.startIndex, startIndex, `startIndex of page ${index + 1}`)
    must(
      resourcesOf(answer, 'A page').length === 5,
      `Page ${index + 1} has ${resourcesOf(answer, 'A page').length} resources, must have 5.`,
    )
  }
}

const userTests: readonly ProviderTest[] = [
  entra(
    'Create_User_Test',
    'MUST',
    'A user is created and found by userName',
    async (bench) => void (await provisioned(bench)),
  ),
  entra('Update_User_Test', 'MUST', 'Changed attributes arrive', async (bench) => {
    const user = await provisioned(bench)
    const text = bench.text()
    const department = bench.hasEnterprise()
      ? [{ op: 'Replace', path: `${ENTERPRISE}:department`, value: 'Sales' }]
      : []
    const read = await change(
      bench,
      bench.users,
      user,
      { op: 'Replace', path: text, value: 'Changed' },
      { op: 'Replace', path: 'name.familyName', value: 'Changed' },
      ...department,
    )
    mustEqual(memberOf(read, text), 'Changed', text)
    mustEqual(memberOf(read.name, 'familyName'), 'Changed', 'name.familyName')
    if (bench.hasEnterprise()) mustEqual(memberOf(memberOf(read, ENTERPRISE), 'department'), 'Sales', 'department')
  }),
  entra('Disable_User_Test', 'MUST', 'active "False" disables the user, who is still found', async (bench) => {
    const user = await provisioned(bench)
    const read = await change(bench, bench.users, user, { op: 'Replace', path: 'active', value: 'False' })
    mustEqual(read.active, false, 'active')
    mustEqual((await found(bench, bench.users, 'userName', user.userName)).length, 1, 'The number of found users')
  }),
  entra('Delete_User_Test', 'NOTE', 'A deleted user is no longer found', async (bench) => {
    const user = await provisioned(bench)
    mustBe(await bench.send('DELETE', bench.at(bench.users, user)), 204, `DELETE ${bench.users}/{id}`)
    mustRefuse(await bench.get(bench.at(bench.users, user)), 404, 'GET after DELETE')
    mustEqual((await found(bench, bench.users, 'userName', user.userName)).length, 0, 'The number of found users')
  }),
  entra(
    'User_Update_Manager_Test',
    'MUST',
    'A manager is set, changed and removed',
    (bench) => managers(bench, { op: 'Remove', path: MANAGER }),
    noManager,
  ),
  entra('Restore_User_Test', 'MUST', 'A disabled user is active again with active "True"', async (bench) => {
    const user = await provisioned(bench)
    mustEqual(
      (await change(bench, bench.users, user, { op: 'Replace', path: 'active', value: 'False' })).active,
      false,
      'active',
    )
    mustEqual(
      (await change(bench, bench.users, user, { op: 'Replace', path: 'active', value: 'True' })).active,
      true,
      'active',
    )
  }),
  entra('POD_User_Test', 'MUST', 'Provisioning on demand: found, created, read, changed', async (bench) => {
    const user = await provisioned(bench)
    const read = await change(
      bench,
      bench.users,
      user,
      { op: 'Replace', path: 'active', value: true },
      { op: 'Add', path: 'displayName', value: 'On Demand' },
    )
    mustEqual(read.active, true, 'active')
    mustEqual(read.displayName, 'On Demand', 'displayName')
  }),
]

const groupTests: readonly ProviderTest[] = [
  entra(
    'Create_Group_Test',
    'MUST',
    'A group is created and found by displayName',
    async (bench) => void (await provisionedGroup(bench)),
  ),
  entra('Update_Group_Test', 'MUST', 'A changed displayName arrives', async (bench) => {
    const displayName = bench.name('renamed')
    const read = await change(bench, bench.groups, await provisionedGroup(bench), {
      op: 'Replace',
      path: 'displayName',
      value: displayName,
    })
    mustEqual(read.displayName, displayName, 'displayName')
  }),
  entra('Delete_Group_Test', 'NOTE', 'A deleted group is no longer found', async (bench) => {
    const group = await provisionedGroup(bench)
    mustBe(await bench.send('DELETE', bench.at(bench.groups, group)), 204, `DELETE ${bench.groups}/{id}`)
    mustEqual(
      (await found(bench, bench.groups, 'displayName', group.displayName)).length,
      0,
      'The number of found groups',
    )
  }),
  entra('Group_Update_Add_Member_Test', 'MUST', 'A member is added', async (bench) => {
    const user = await bench.newUser()
    const read = await change(bench, bench.groups, await provisionedGroup(bench), addMember(user))
    mustEqual(
      valuesOf(read, 'members').map(({ value }) => value),
      [user.id],
      'The members',
    )
  }),
  entra(
    'Group_Update_Remove_Member_Test',
    'MUST',
    'A member is removed with a list of values; the other members stay',
    async (bench) => {
      const [one, two] = [await bench.newUser(), await bench.newUser()]
      const group = await provisionedGroup(bench)
      await change(bench, bench.groups, group, addMember(one), addMember(two))
      const removal = { op: 'Remove', path: 'members', value: [{ $ref: null, value: one.id }] }
      mustEqual(
        valuesOf(await change(bench, bench.groups, group, removal), 'members').map(({ value }) => value),
        [two.id],
        'The members',
      )
    },
  ),
  entra('POD_Group_Test', 'MUST', 'Provisioning on demand: a group is found without its members', async (bench) => {
    const user = await bench.newUser()
    const group = await provisionedGroup(bench)
    await change(bench, bench.groups, group, addMember(user))
    const body = bodyOf(
      await bench.get(`${bench.at(bench.groups, group)}?excludedAttributes=members`),
      200,
      'GET with excludedAttributes=members',
    )
    must(memberOf(body, 'members') === undefined, 'members is there although it is excluded.')
  }),
  entra('Restore_Group_Test', 'NOTE', 'A group that was deleted is created again', async (bench) => {
    const group = await provisionedGroup(bench)
    mustBe(await bench.send('DELETE', bench.at(bench.groups, group)), 204, `DELETE ${bench.groups}/{id}`)
    mustBe(
      await bench.post(bench.groups, bench.groupDraft({ displayName: group.displayName })),
      201,
      `POST ${bench.groups} again`,
    )
  }),
]

function addMember({ id }: Subject): Json {
  return { op: 'Add', path: 'members', value: [{ $ref: null, value: id }] }
}

const complianceTests: readonly ProviderTest[] = [
  entra('Schema_Discoverability_Test', 'MUST', '/Schemas has the attributes that Entra maps', async (bench) => {
    const { schemas } = bench.capabilities
    for (const [uri, names] of [
      [USER, ['userName', 'active', 'displayName', 'emails', 'name']],
      [GROUP, ['displayName', 'members']],
    ] as const) {
      const schema = schemas.find(({ id }) => sameUri(id, uri))
      must(schema !== undefined, `/Schemas does not have ${uri}.`)
      const there = valuesOf(schema, 'attributes').map(({ name }) => String(name).toLowerCase())
      for (const name of names) must(there.includes(name.toLowerCase()), `/Schemas does not have ${name} of ${uri}.`)
    }
  }),
  entra('SCIM_Null_Update_Test', 'MUST', 'Empty texts and null clear a value', async (bench) => {
    const text = bench.text()
    const user = await bench.newUser({ [text]: 'before' })
    for (const value of ['', null]) {
      const read = await change(bench, bench.users, user, { op: 'Replace', path: text, value })
      const after = memberOf(read, text)
      must(isUnassigned(after) || after === '', `${text} is ${shown(after)} after a replace with ${shown(value)}.`)
    }
  }),
  entra('SCIM_User_Create_Test', 'MUST', 'POST returns an id and the userName', async (bench) => {
    const draft = bench.userDraft()
    const body = bodyOf(await bench.post(bench.users, draft), [200, 201], `POST ${bench.users}`)
    must(typeof body.id === 'string' && body.id !== '', 'The answer has no id.')
    mustEqual(body.userName, draft.userName, 'userName')
  }),
  entra('SCIM_User_Update_Test', 'MUST', 'PATCH changes single values', async (bench) => {
    const user = await bench.newUser()
    const text = bench.text()
    const read = await change(
      bench,
      bench.users,
      user,
      { op: 'replace', path: text, value: 'upd-1' },
      { op: 'replace', path: 'displayName', value: 'upd-2' },
    )
    mustEqual(read.displayName, 'upd-2', 'displayName')
    if (text !== 'displayName') mustEqual(memberOf(read, text), 'upd-1', text)
  }),
  entra('SCIM_Group_Create_Test', 'MUST', 'POST returns an id and the displayName', async (bench) => {
    const draft = bench.groupDraft()
    const body = bodyOf(await bench.post(bench.groups, draft), [200, 201], `POST ${bench.groups}`)
    must(typeof body.id === 'string' && body.id !== '', 'The answer has no id.')
    mustEqual(body.displayName, draft.displayName, 'displayName')
  }),
  entra('SCIM_Group_Update_Test', 'MUST', 'PATCH changes the displayName', async (bench) => {
    const displayName = bench.name('upd')
    const read = await change(bench, bench.groups, await bench.newGroup(), {
      op: 'replace',
      path: 'displayName',
      value: displayName,
    })
    mustEqual(read.displayName, displayName, 'displayName')
  }),
  entra(
    'Validate_Credentials_Test',
    'MUST',
    'A token of the token endpoint is accepted',
    async (bench) => {
      mustBe(await bench.get(`${bench.users}?count=1`), 200, `GET ${bench.users}`)
    },
    () => 'Only with OAuth client credentials (--client-id).',
  ),
  entra(
    'Federated_Identity_Test',
    'MUST',
    'A token for a federated identity is accepted',
    async () => undefined,
    () => 'Needs a token of Microsoft Entra ID.',
  ),
  entra('SCIM_User_Pagination_Test', 'MUST', 'Users are read in pages of five', (bench) =>
    paged(bench, bench.users, () => bench.newUser()),
  ),
  entra('SCIM_Group_Pagination_Test', 'NOTE', 'Groups are read in pages of five', (bench) =>
    paged(bench, bench.groups, () => bench.newGroup()),
  ),
  entra(
    'SCIM_Update_Manager_Test',
    'MUST',
    'A manager is removed with an empty text',
    (bench) => managers(bench, { op: 'Replace', path: MANAGER, value: '' }),
    noManager,
  ),
]

/**
 * The tests of Entra's gallery.
 *
 * @param oauth whether the run gets its tokens from a token endpoint.
 */
export function entraGallery(oauth: boolean): Provider {
  const compliance = complianceTests.map((test) =>
    oauth && test.name === 'Validate_Credentials_Test' ? { ...test, skip: needsUsers } : test,
  )
  return { id: 'entra', name: 'Microsoft Entra ID, gallery', tests: [...userTests, ...groupTests, ...compliance] }
}
