import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.js'

/** The folders of a part that its README.md does not name in a table: nobody could say what belongs there. */
function unnamed(part: string): readonly string[] {
  const rows = readFileSync(join(ROOT, part, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ')[0])
    .join()
  const folders = readdirSync(join(ROOT, part), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.map(({ name }) => name).filter((name) => !rows.includes(`\`${name}/`))
}

describe('each folder has a row that says what belongs there', () => {
  test.each(['src', 'test'])('%s/README.md', (part) => {
    expect(unnamed(part)).toEqual([])
  })
})
