import { parseFilter } from '../../src/filter/parse.js'
import { visitFilter } from '../../src/filter/visit.js'

const filter = parseFilter('not (a pr) and (b[c pr or d eq 1] or e.f pr)')

test('every node is visited, a node before the nodes in it', () => {
  const kinds: string[] = []
  visitFilter(filter, ({ kind }) => {
    kinds.push(kind)
  })
  expect(kinds).toEqual(['and', 'not', 'present', 'or', 'valuePath', 'or', 'present', 'compare', 'present'])
})

test('nothing is visited inside a node for which false came back', () => {
  const names: string[] = []
  visitFilter(filter, (node) => {
    if ('attribute' in node) names.push(node.attribute.name)
    return node.kind !== 'valuePath'
  })
  expect(names).toEqual(['a', 'b', 'e'])
})
