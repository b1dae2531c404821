import fc from 'fast-check'
import type { ResourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import type { JsonObject } from '../../src/schema/model/resource.js'

/**
 * Texts that are hard to compare: letter case beyond ASCII, combining marks, wildcards of LIKE, quotes, surrogate
 * pairs.
 */
const TEXTS = [
  ...[
    '',
    'a',
    'A',
    'ab',
    'AB',
    'aB',
    'abc',
    'b',
    'Ä',
    'ä',
    'A\u0308',
    'ß',
    'ẞ',
    'SS',
    'ss',
    'İ',
    'i',
    'I',
    'ı',
    'K',
    'k',
    'ſ',
    's',
  ],
  ...[
    'Σ',
    'σ',
    'ς',
    'ΑΣ',
    'ας',
    '%',
    '_',
    '\\',
    "'",
    '"',
    "';--",
    '$1',
    '?',
    '{}',
    '[]',
    'null',
    'true',
    '1',
    '10',
    '9',
    ' ',
    '\t',
  ],
  ...['😀', '\uffff', '\ue000', 'ﬀ', 'Ａ', 'ａ', 'é', 'e\u0301', 'work', 'Work', 'home', 'User', 'user', 'Group'],
]
const instant = fc.constantFrom(
  '2020-01-01T00:00:00Z',
  '2020-01-01T00:00:00.000Z',
  '2020-01-01T01:00:00+01:00',
  '2020-01-01T00:00:00.0001Z',
  '2020-01-01T00:00:00.001Z',
  '2019-12-31T23:59:59.999Z',
  '1969-07-20T20:17:40Z',
  '0001-01-01T00:00:00Z',
)
const OTHERS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  binary: fc.constantFrom('', 'YQ==', 'YQ', 'YWI=', 'YWI'),
  dateTime: instant,
  boolean: fc.boolean(),
  integer: fc.constantFrom(-1, 0, 1, 2, 10, 9, 2 ** 40),
  decimal: fc.constantFrom(-1.5, 0, 0.1, 0.30000000000000004, 0.3, 1, 1e21, 1e-7, 10),
}

const EQUALITY = ['eq', 'ne']
const ORDER = [...EQUALITY, 'gt', 'ge', 'lt', 'le']
const ALL = [...ORDER, 'co', 'sw', 'ew']
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  string: ALL,
  reference: ALL,
  binary: EQUALITY,
  boolean: EQUALITY,
  dateTime: ORDER,
  integer: ORDER,
  decimal: ORDER,
}

/** Makes resources and filters of random values. */
export interface SqlArbitraries {
  readonly objectOf: (attributes: readonly Attribute[]) => fc.Arbitrary<JsonObject>
  readonly filterOf: (schema: ResourceSchema, names: (attribute: Attribute) => boolean) => fc.Arbitrary<string>
}

/**
 * Texts of all kinds; or only of ASCII letters, which every database has the same idea of; or of such and others that
 * have nothing to do with them: no letter folds to an ASCII letter, none is made of several characters.
 */
export type Texts = 'unicode' | 'ascii' | 'latin'

const KINDS: Readonly<Record<Texts, RegExp>> = {
  unicode: /^/,
  ascii: /^[\0-\x7f]*$/,
  latin: /^[\0-\x7fÄäßéΑαΣσς😀\uffff]*$/u,
}

/** Resources and filters with texts of one kind. */
export function sqlArbitraries(texts: Texts): SqlArbitraries {
  const isUsed = (one: string): boolean => KINDS[texts].test(one)
  const letters = [...'aAbB%_\\\'"äÄσς'].filter(isUsed)
  const text = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...TEXTS.filter(isUsed)) },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...letters), maxLength: 3 }) },
  )
  const byType: Readonly<Record<string, fc.Arbitrary<unknown>>> = { ...OTHERS, string: text, reference: text }

  /** A value of an attribute, as a client could have stored it; undefined for none. */
  function valuesFor(attribute: Attribute): fc.Arbitrary<unknown> {
    const single =
      attribute.type === 'complex'
        ? objectOf(attribute.subAttributes)
        : (byType[attribute.type] as fc.Arbitrary<unknown>)
    const value = attribute.multiValued ? fc.array(single, { maxLength: 3 }) : single
    return fc.option(value, { nil: undefined, freq: 2 })
  }

  /** An object with some of the attributes. */
  function objectOf(attributes: readonly Attribute[]): fc.Arbitrary<JsonObject> {
    const members = Object.fromEntries(attributes.map((attribute) => [attribute.name, valuesFor(attribute)]))
    return fc
      .record(members)
      .map((object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)))
  }

  /** A filter over the attributes of a schema, as text. */
  function filterOf(schema: ResourceSchema, names: (attribute: Attribute) => boolean): fc.Arbitrary<string> {
    const top = [schema.root, ...schema.extensionAttributes]
      .flatMap((holder) => holder.subAttributes)
      .filter((attribute) => !attribute.isExtension && names(attribute))
    const isReadable = ({ returned }: Attribute): boolean => returned !== 'never'
    const paths = top.flatMap((attribute) => [attribute, ...attribute.subAttributes]).filter(isReadable)
    const simple = paths.filter(({ type }) => type !== 'complex')
    const lists = top.filter(({ multiValued, type }) => multiValued || type === 'complex')

    const leaf = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...simple).chain((attribute) => compare(attribute, attribute.path)) },
      { weight: 1, arbitrary: fc.constantFrom(...paths).map(({ path }) => `${path} pr`) },
      { weight: 3, arbitrary: fc.constantFrom(...lists).chain((attribute) => valuePath(attribute)) },
    )
    return fc.letrec<{ filter: string }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        leaf,
        fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map(([a, op, b]) => `(${a} ${op} ${b})`),
        tie('filter').map((inner) => `not (${inner})`),
      ),
    })).filter
  }

  function valuePath(attribute: Attribute): fc.Arbitrary<string> {
    const subs =
      attribute.type === 'complex' ? attribute.subAttributes.filter(({ type }) => type !== 'complex') : [attribute]
    const part = fc.constantFrom(...subs).chain((sub) => {
      const name = sub === attribute ? 'value' : sub.name
      return fc.oneof({ weight: 5, arbitrary: compare(sub, name) }, { weight: 1, arbitrary: fc.constant(`${name} pr`) })
    })
    const inner = fc.oneof(
      part,
      fc.tuple(part, fc.constantFrom('and', 'or'), part).map(([a, op, b]) => `${a} ${op} ${b}`),
      part.map((one) => `not (${one})`),
    )
    return inner.map((one) => `${attribute.path}[${one}]`)
  }

  function compare(attribute: Attribute, name: string): fc.Arbitrary<string> {
    const literal = (byType[attribute.type] as fc.Arbitrary<unknown>).map((value) => JSON.stringify(value))
    return fc.oneof(
      {
        weight: 8,
        arbitrary: fc
          .tuple(fc.constantFrom(...(OPERATORS[attribute.type] ?? [])), literal)
          .map((parts) => `${name} ${parts.join(' ')}`),
      },
      { weight: 1, arbitrary: fc.constantFrom('eq', 'ne').map((operator) => `${name} ${operator} null`) },
    )
  }

  return { objectOf, filterOf }
}
