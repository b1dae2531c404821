import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entraGallery } from '../../src/cli/check/providers/entra.js'
import { areas } from '../../src/cli/check/rules/index.js'

const path = join(__dirname, '../conformance/requirements.json')
const requirements: readonly { id: string; level: string }[] = JSON.parse(readFileSync(path, 'utf8'))
const levels = new Map(requirements.map(({ id, level }) => [id, level]))
const rules = areas.flatMap((area) => area.rules.map((rule) => ({ area: area.name, ...rule })))

test('there are rules, each of known requirements, with a section and a title of its own', () => {
  expect(rules.length).toBeGreaterThan(190)
  expect(rules.flatMap((rule) => rule.requirements.filter((id) => !levels.has(id)))).toEqual([])
  expect(rules.filter(({ section }) => !/^RFC \d{4} (section|table)/.test(section))).toEqual([])
  const names = rules.map(({ area, title }) => `${area}: ${title}`)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

test('a rule that fails the check stands on a MUST', () => {
  const weaker = rules
    .filter(({ level, requirements: ids }) => level === 'MUST' && !ids.some((id) => levels.get(id) === 'MUST'))
    .map(({ area, title }) => `${area}: ${title}`)
  expect(weaker).toEqual([])
})

test("Entra's gallery has 25 tests: 7 of users, 7 of groups, 11 of compliance", () => {
  const names = entraGallery(false).tests.map(({ name }) => name)
  expect(new Set(names).size).toBe(25)
  expect(names.filter((name) => /^(SCIM|Schema|Validate|Federated)_/.test(name))).toHaveLength(11)
  expect(names.filter((name) => /Group/.test(name) && !/^SCIM_/.test(name))).toHaveLength(7)
})
