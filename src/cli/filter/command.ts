import { type Command, textOf } from '../shared/command.js'
import { UsageError } from '../shared/io.js'
import { paintFor } from '../shared/paint.js'
import { explain, NoFilter, treeOf } from './explain.js'

export const filterCommand: Command = {
  name: 'filter',
  arguments: ['TEXT'],
  summary: 'Show a filter as a tree, in its canonical form, and as SQL.',
  description: [
    'Reads a filter in the syntax of RFC 7644 section 3.4.2.2, binds it to the schema of users or groups, and shows the filter that an adapter receives. The SQL is for an example table with a column for each single value and a JSON column for each list; docs/sql.md says how to name your own columns.',
  ],
  options: {
    type: { type: 'string', value: 'TYPE', help: 'User or Group. Default User.' },
    json: { type: 'boolean', help: 'Write the canonical form and the SQL as JSON.' },
  },
  exits: [
    ['0', 'The text is a filter.'],
    ['1', 'The text is not a filter.'],
  ],
  examples: [
    [`npx express-scim filter 'userName sw "b" and emails[type eq "work" and value co "@x"]'`, 'a filter for users'],
    [`npx express-scim filter 'members.value eq "2819c223"' --type Group`, 'a filter for groups'],
  ],
  run: async ({ arguments: [text = ''], values }, io) => {
    const type = textOf(values, 'type') ?? 'User'
    if (type !== 'User' && type !== 'Group') throw new UsageError('--type must be User or Group.')
    try {
      const { filter, canonical, sql } = await explain(text, type)
      if (values.json === true) {
        io.out(`${JSON.stringify({ canonical, sql }, undefined, 2)}\n`)
        return 0
      }
      const paint = paintFor(io)
      const dialects = Object.entries(sql).map(([name, { text: condition, values: bound, rest }]) => {
        const left = rest === undefined ? '' : `\n  left to the router: ${rest}`
        return `${paint('bold', name)}\n  ${condition}\n  values: ${JSON.stringify(bound)}${left}`
      })
      const parts = [
        `${paint('bold', 'Tree')}\n${treeOf(filter, '  ')}`,
        `${paint('bold', 'Canonical')}\n  ${canonical}`,
        ...dialects,
      ]
      io.out(`${parts.join('\n\n')}\n`)
      return 0
    } catch (error) {
      if (!(error instanceof NoFilter)) throw error
      io.err(`${error.message}\n`)
      return 1
    }
  },
}
