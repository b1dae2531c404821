import fc from 'fast-check'
import type { ParsedFilter } from '../../src/filter/ast.js'
import type { AttributePath } from '../../src/schema/define/schema.js'

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const

const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/),
  fc.constantFrom('not', 'and', 'or', 'pr', 'eq', 'true', '$ref', 'constructor', 'toString', 'value'),
)

const urn = fc.constantFrom(
  'urn:ietf:params:scim:schemas:core:2.0:User',
  'urn:a',
  'urn:x:1.0',
  'https://example.com/a/b',
)

const path: fc.Arbitrary<AttributePath> = fc.record({
  urn: fc.option(urn, { nil: undefined }),
  name,
  sub: fc.option(name, { nil: undefined }),
})

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', "'", ' ', '(', ')', '[', ']', 'a', '\n', '\ud800', '\u{1f600}') }),
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)

const leaf = (attribute: fc.Arbitrary<AttributePath>): fc.Arbitrary<ParsedFilter> =>
  fc.oneof(
    fc.record({ kind: fc.constant('present' as const), attribute }),
    fc.record({ kind: fc.constant('compare' as const), attribute, operator: fc.constantFrom(...OPERATORS), value }),
  )

const SIZE = { depthSize: 'small', maxDepth: 5 } as const

/** Joins leaves by and, or and not. */
export function connected(leaves: fc.Arbitrary<ParsedFilter>): fc.Arbitrary<ParsedFilter> {
  const { tree } = fc.letrec<{ tree: ParsedFilter }>((tie) => ({
    tree: fc.oneof(
      SIZE,
      leaves,
      fc.record({ kind: fc.constant('not' as const), filter: tie('tree') }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        filters: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }),
      }),
    ),
  }))
  return tree
}

/** Any filter of the grammar, with any names. */
export const anyFilter: fc.Arbitrary<ParsedFilter> = connected(
  fc.oneof(
    { weight: 4, arbitrary: leaf(path) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('valuePath' as const),
        attribute: path,
        filter: connected(leaf(path)),
      }),
    },
  ),
)

const token = fc.constantFrom(
  ...['userName', 'emails', 'emails.type', 'name.givenName', 'active', 'meta.created', 'urn:example:acme:1.0', 'tags'],
  ...['urn:ietf:params:scim:schemas:core:2.0:User', ':', '.', '$ref', 'value', '__proto__', 'constructor', 'password'],
  ...['eq', 'ne', 'co', 'gt', 'pr', 'xx', 'and', 'or', 'not', 'AND', '(', ')', '[', ']', '"', "'", '\\', '\\u12'],
  ...[
    '"a"',
    '"2011-05-13T04:42:34Z"',
    '5',
    '-0',
    '1e9',
    '05',
    'true',
    'True',
    'null',
    "'x y'",
    ' ',
    '  ',
    '\t',
    '\u0000',
  ],
)

/** Texts that look like filters and mostly are none. */
export const filterLike: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(token, { maxLength: 16 }).map((tokens) => tokens.join('')),
  fc.array(token, { maxLength: 16 }).map((tokens) => tokens.join(' ')),
)
