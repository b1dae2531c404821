import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { ROOT } from '../support/process.js'

/**
 * The folders of a part that no row of a table in its README.md names, by the whole path or in the row of the folder
 * around them: their purpose would be unknown.
 */
function unnamed(part: string, recursive: boolean): readonly string[] {
  const rows = readFileSync(join(ROOT, part, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  return readdirSync(join(ROOT, part), { withFileTypes: true, recursive })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => relative(join(ROOT, part), join(parentPath, name)).replaceAll(sep, '/'))
    .filter((path) => !rows.some((row) => names(row, path)))
}

function names(row: string, path: string): boolean {
  const [first = ''] = row.slice(1).split('|')
  if (first.includes(`\`${path}/`)) return true
  const around = path.slice(0, path.lastIndexOf('/') + 1)
  const isInside = around !== '' && first.includes(`\`${around}\``)
  return row.includes(`\`${path}/\``) || (isInside && row.includes(`\`${path.slice(around.length)}/\``))
}

describe('each folder has a row that says what belongs there', () => {
  test('src/README.md, for folders at any depth', () => {
    expect(unnamed('src', true)).toEqual([])
  })

  test('test/README.md', () => {
    expect(unnamed('test', false)).toEqual([])
  })
})
