import { isUnassigned } from '../../../json-values.js'
import { type Bench, mustPatch, type Subject } from '../bench/bench.js'
import {
  bodyOf,
  type Json,
  memberOf,
  must,
  mustBe,
  mustEqual,
  mustRefuse,
  resourcesOf,
  valuesOf,
} from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { perRun } from '../bench/per-run.js'
import { type Area, area, needs, needsGroups, needsUsers, rule } from '../bench/rule.js'

const SECTION = 'RFC 7643 section 4.2'

async function ids(bench: Bench, group: Json): Promise<readonly unknown[]> {
  return valuesOf(await bench.read(bench.groups, group), 'members')
    .map(({ value }) => value)
    .sort()
}

/** Two users, made once for each run. */
const pair = perRun(
  async (bench): Promise<readonly [Subject, Subject]> => [await bench.newUser(), await bench.newUser()],
)

async function groupOf(bench: Bench, ...users: readonly Subject[]): Promise<Subject> {
  return bench.newGroup({ members: users.map(({ id }) => ({ value: id })) })
}

const patched = needs('patch')

export const group: Area = area('Groups', (given) => needsGroups(given) ?? needsUsers(given), [
  rule('P-3.3-01', 'MUST', 'RFC 7644 section 3.3', 'A group is created and read', async (bench) => {
    const draft = bench.groupDraft()
    const body = bodyOf(await bench.post(bench.groups, draft), 201, `POST ${bench.groups}`)
    mustEqual((await bench.read(bench.groups, body)).displayName, draft.displayName, 'displayName')
    mustEqual(memberOf(body.meta, 'resourceType'), bench.group.name, 'meta.resourceType')
  }),
  rule(
    'S-4.2-01',
    'MUST',
    `${SECTION}, erratum 5368`,
    'A group without displayName is refused with 400',
    async (bench) => {
      mustRefuse(
        await bench.post(bench.groups, { schemas: [bench.group.schema] }),
        400,
        `POST ${bench.groups} without displayName`,
      )
    },
  ),
  rule('S-4.2-02 S-4.2-03', 'MUST', SECTION, 'A group is created with members', async (bench) => {
    const [one, two] = await pair(bench)
    mustEqual(await ids(bench, await groupOf(bench, one, two)), [one.id, two.id].sort(), 'The members')
  }),
  rule('S-4.2-03', 'NOTE', SECTION, 'A member has the URI of the user in $ref', async (bench) => {
    const [one] = await pair(bench)
    const [member] = valuesOf(await bench.read(bench.groups, await groupOf(bench, one)), 'members')
    must(typeof member?.$ref === 'string', 'The member has no $ref.')
    must(member.$ref.endsWith(`${bench.users}/${one.id}`), `$ref is "${member.$ref}", must lead to the user.`)
  }),
  rule(
    'P-3.5.2.1-05 S-4.2-02',
    'MUST',
    'RFC 7644 section 3.5.2.1',
    'PATCH adds a member',
    async (bench) => {
      const [one, two] = await pair(bench)
      const made = await groupOf(bench, one)
      mustPatch(
        await bench.patch(bench.at(bench.groups, made), { op: 'add', path: 'members', value: [{ value: two.id }] }),
        'PATCH add members',
      )
      mustEqual(await ids(bench, made), [one.id, two.id].sort(), 'The members')
    },
    patched,
  ),
  rule(
    'P-3.5.2.1-07',
    'SHOULD',
    'RFC 7644 section 3.5.2.1',
    'A member that is added twice is listed once',
    async (bench) => {
      const [one] = await pair(bench)
      const made = await groupOf(bench, one)
      mustPatch(
        await bench.patch(bench.at(bench.groups, made), { op: 'add', path: 'members', value: [{ value: one.id }] }),
        'PATCH add members',
      )
      mustEqual(await ids(bench, made), [one.id], 'The members')
    },
    patched,
  ),
  rule(
    'P-3.5.2.2-04',
    'MUST',
    'RFC 7644 section 3.5.2.2',
    'PATCH removes the member that a filter names, and no other',
    async (bench) => {
      const [one, two] = await pair(bench)
      const made = await groupOf(bench, one, two)
      mustPatch(
        await bench.patch(bench.at(bench.groups, made), { op: 'remove', path: `members[value eq "${one.id}"]` }),
        'PATCH remove members[value eq …]',
      )
      mustEqual(await ids(bench, made), [two.id], 'The members')
    },
    patched,
  ),
  rule(
    'P-3.5.2.2-07',
    'SHOULD',
    'RFC 7644 section 3.5.2.2',
    'Removing a user who is no member succeeds',
    async (bench) => {
      const [one, two] = await pair(bench)
      const made = await groupOf(bench, two)
      mustPatch(
        await bench.patch(bench.at(bench.groups, made), { op: 'remove', path: `members[value eq "${one.id}"]` }),
        'PATCH remove of no member',
      )
      mustEqual(await ids(bench, made), [two.id], 'The members')
    },
    patched,
  ),
  rule(
    'P-3.5.2.3-03',
    'MUST',
    'RFC 7644 section 3.5.2.3',
    'PATCH replaces all members',
    async (bench) => {
      const [one, two] = await pair(bench)
      const made = await groupOf(bench, one)
      mustPatch(
        await bench.patch(bench.at(bench.groups, made), { op: 'replace', path: 'members', value: [{ value: two.id }] }),
        'PATCH replace members',
      )
      mustEqual(await ids(bench, made), [two.id], 'The members')
    },
    patched,
  ),
  rule(
    'P-3.5.2.2-03',
    'MUST',
    'RFC 7644 section 3.5.2.2',
    'PATCH removes all members',
    async (bench) => {
      const [one, two] = await pair(bench)
      const made = await groupOf(bench, one, two)
      mustPatch(
        await bench.patch(bench.at(bench.groups, made), { op: 'remove', path: 'members' }),
        'PATCH remove members',
      )
      mustEqual(await ids(bench, made), [], 'The members')
    },
    patched,
  ),
  rule('P-3.5.1-01', 'MUST', 'RFC 7644 section 3.5.1', 'PUT replaces the members', async (bench) => {
    const [one, two] = await pair(bench)
    const made = await groupOf(bench, one)
    const body = bench.groupDraft({ displayName: made.displayName, members: [{ value: two.id }] })
    mustBe(await bench.put(bench.at(bench.groups, made), body), 200, `PUT ${bench.groups}/{id}`)
    mustEqual(await ids(bench, made), [two.id], 'The members')
  }),
  rule(
    'P-3.9-03',
    'MUST',
    'RFC 7644 section 3.9',
    'excludedAttributes=members leaves the members out',
    async (bench) => {
      const [one] = await pair(bench)
      const made = await groupOf(bench, one)
      const body = bodyOf(
        await bench.get(`${bench.at(bench.groups, made)}?excludedAttributes=members`),
        200,
        'GET with excludedAttributes=members',
      )
      must(memberOf(body, 'members') === undefined, 'members is there although it is excluded.')
    },
  ),
  rule(
    'P-3.4.2.2-05',
    'MUST',
    'RFC 7644 section 3.4.2.2',
    'displayName eq finds a group',
    async (bench) => {
      const made = await bench.newGroup()
      const filter = encodeURIComponent(`displayName eq ${JSON.stringify(made.displayName)}`)
      const found = resourcesOf(
        await bench.get(`${bench.groups}?filter=${filter}`),
        `GET ${bench.groups} by displayName`,
      )
      mustEqual(
        found.map(({ id }) => id),
        [made.id],
        'The found ids',
      )
    },
    needs('filter'),
  ),
  rule(
    'S-4.1-05',
    'MUST',
    'RFC 7643 section 4.1.2',
    'groups of a user cannot be changed by the user',
    async (bench) => {
      const made = await bench.newGroup()
      const user = await bench.newUser()
      const answer = await bench.put(
        bench.at(bench.users, user),
        bench.userDraft({ userName: user.userName, groups: [{ value: made.id }] }),
      )
      mustBe(answer, 200, `PUT ${bench.users}/{id} with groups`)
      mustEqual(await ids(bench, made), [], 'The members of the group')
    },
  ),
  rule(
    'S-4.1-06',
    'NOTE',
    'RFC 7643 section 4.1.2',
    'groups of a user lists the groups of which the user is a member',
    async (bench) => {
      bench.requireAttribute('groups')
      const user = await bench.newUser()
      const made = await groupOf(bench, user)
      const { groups } = await bench.read(bench.users, user)
      if (isUnassigned(groups)) throw new NotSeen('The server does not return groups of users.')
      must(
        Array.isArray(groups) && groups.some((one) => memberOf(one, 'value') === made.id),
        'groups does not contain the group.',
      )
    },
  ),
  rule(
    'P-3.6-01 P-3.6-02',
    'MUST',
    'RFC 7644 section 3.6',
    'A group is deleted, and its members are not',
    async (bench) => {
      const [one] = await pair(bench)
      const made = await groupOf(bench, one)
      mustBe(await bench.send('DELETE', bench.at(bench.groups, made)), 204, `DELETE ${bench.groups}/{id}`)
      mustRefuse(await bench.get(bench.at(bench.groups, made)), 404, 'GET after DELETE')
      mustBe(await bench.get(bench.at(bench.users, one)), 200, 'GET of the member')
    },
  ),
])
