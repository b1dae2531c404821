// Filters and patches in one process, against packages that do nothing else.
import scimPatch from 'scim-patch'
import { parse as theirParse, filter as theirPredicate } from 'scim2-parse-filter'
import * as ours from './.build/internals.js'
import { figure } from './statistics.mjs'
import { ENTERPRISE, PATCH_OP, user } from './users.mjs'

const FILTERS = {
  simple: 'userName eq "barbara.jensen5000@example.com"',
  and3: 'userName sw "barbara" and active eq true and title co "Guide"',
  valuepath: 'emails[type eq "work" and value co "@example.com"]',
  logic: 'active eq true and (title co "Guide" or nickName eq "Babs") and not (userType eq "Intern")',
  or6: Array.from({ length: 6 }, (_, n) => `(title eq "a${n}" or nickName eq "b${n}")`).join(' and '),
  urn: `${ENTERPRISE}:employeeNumber eq "705000"`,
}

const PATCHES = {
  replace: [{ op: 'replace', path: 'title', value: 'Director' }],
  valuepath: [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'new@example.com' }],
  pathless: [{ op: 'replace', value: { active: false, displayName: 'Barbara' } }],
  five: [
    { op: 'replace', path: 'title', value: 'Director' },
    { op: 'add', path: 'emails', value: [{ value: 'third@example.com', type: 'other' }] },
    { op: 'replace', path: 'name.familyName', value: 'Smith' },
    { op: 'remove', path: 'phoneNumbers[type eq "work"]' },
    { op: 'replace', path: 'active', value: false },
  ],
}

export async function micro(report) {
  const schema = ours.resourceSchema(ours.User, [{ schema: ours.EnterpriseUser, required: false }])
  const bind = (text) => ours.resolveFilter(ours.parseFilter(text), schema)
  for (const [name, text] of Object.entries(FILTERS)) {
    report.begin(`parse.${name}`)
    const values = race(
      () => bind(text),
      () => theirParse(text),
    )
    report.add(`parse.${name}`, figure(values, { least: 1 }))
  }

  const people = Array.from({ length: 10_000 }, (_, n) => ({ ...user(n), id: `id-${n}` }))
  for (const [name, text] of [
    ['eq', FILTERS.simple],
    ['valuepath', FILTERS.valuepath],
  ]) {
    report.begin(`predicate.${name}`)
    const mine = ours.toPredicate(bind(text))
    const theirs = theirPredicate(theirParse(text))
    if (people.filter(mine).length !== people.filter(theirs).length) throw new Error(`${name}: the results differ`)
    const values = race(
      () => people.filter(mine),
      () => people.filter(theirs),
    )
    report.add(`predicate.${name}`, figure(values, { least: 3 }))
  }

  const stored = { ...user(1), id: 'id-1', meta: { resourceType: 'User' } }
  for (const [name, operations] of Object.entries(PATCHES)) {
    report.begin(`apply.${name}`)
    const body = { schemas: [PATCH_OP], Operations: operations }
    const values = race(
      () => ours.applyOperations(ours.normalizePatch(schema, body, { tolerate: ours.strict }), stored),
      () => scimPatch.scimPatch(stored, operations, { mutateDocument: false }),
    )
    report.add(`apply.${name}`, figure(values, { least: 1 }))
  }
  report.begin('applyPatch.five')
  const options = { extensions: [ours.EnterpriseUser] }
  const exported = race(
    () => ours.applyPatch(ours.User, stored, PATCHES.five, options),
    () => scimPatch.scimPatch(stored, PATCHES.five, { mutateDocument: false }),
  )
  report.add('applyPatch.five', figure(exported, { least: 1 }))
  linear(report, bind)
}

/** The cost of twice the length: a parser that backtracks shows here. */
function linear(report, bind) {
  const text = (terms) => Array.from({ length: terms }, (_, n) => `title eq "${'x'.repeat(20)}${n}"`).join(' or ')
  const value = (length) => `emails[value eq "${'x'.repeat(length)}"].value`
  report.begin('linear.filter')
  report.add(
    'linear.filter',
    figure(
      race(
        () => bind(text(60)),
        () => bind(text(120)),
      ),
      { most: 2.5 },
    ),
  )
  report.begin('linear.path')
  const path = (length) => ours.parsePath(value(length))
  report.add(
    'linear.path',
    figure(
      race(
        () => path(2_000),
        () => path(4_000),
      ),
      { most: 2.5 },
    ),
  )
}

/** Runs two functions in turn; for each round, how many times as long the second takes. */
function race(mine, theirs, { rounds = 21, ms = 25 } = {}) {
  const values = []
  time(mine, ms)
  time(theirs, ms)
  for (let round = 0; round < rounds; round += 1) {
    const first = time(mine, ms)
    const second = time(theirs, ms)
    values.push(second / first)
  }
  return values
}

/** Milliseconds for one run, from as many runs as fit into the time. */
function time(run, ms) {
  const begun = performance.now()
  let runs = 0
  while (performance.now() - begun < ms) {
    for (let n = 0; n < 10; n += 1) run()
    runs += 10
  }
  return (performance.now() - begun) / runs
}
