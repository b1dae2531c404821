import { strict, type ToleranceName, tolerant } from '../../src/compatibility.js'
import { FILTER_LIMITS, parseFilter } from '../../src/filter/parse.js'
import { refusal } from './fixture.js'

const path = (name: string, sub?: string, urn?: string) => ({ urn, name, sub })
const present = (name: string) => ({ kind: 'present', attribute: path(name) })
const equal = (name: string, value: unknown) => ({ kind: 'compare', attribute: path(name), operator: 'eq', value })
const parseTolerantly = (text: string) => parseFilter(text, { tolerate: tolerant })
const refused = (text: string, tolerate = strict) => refusal(() => parseFilter(text, { tolerate }))

describe('the grammar', () => {
  test.each(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'])('%s compares [P-3.4.2.2-05]', (operator) => {
    const node = { kind: 'compare', attribute: path('title'), operator, value: 'x' }
    expect(parseFilter(`title ${operator} "x"`)).toEqual(node)
    expect(parseFilter(`title ${operator.toUpperCase()} "x"`)).toEqual(node)
  })

  test('operators and connectives are read in any letter case, names stay as written [P-3.4.2.2-03]', () => {
    expect(parseFilter('USERNAME Pr AND Not (title PR) oR nickName pR')).toEqual({
      kind: 'or',
      filters: [
        { kind: 'and', filters: [present('USERNAME'), { kind: 'not', filter: present('title') }] },
        present('nickName'),
      ],
    })
  })

  test('not binds closer than and, and closer than or [P-3.4.2.2-11]', () => {
    const [a, b, c, d] = [present('a'), present('b'), present('c'), present('d')]
    expect(parseFilter('a pr or b pr and c pr or d pr')).toEqual({
      kind: 'or',
      filters: [a, { kind: 'and', filters: [b, c] }, d],
    })
    expect(parseFilter('not (a pr) and b pr')).toEqual({ kind: 'and', filters: [{ kind: 'not', filter: a }, b] })
    expect(parseFilter('(a pr or b pr) and c pr')).toEqual({
      kind: 'and',
      filters: [{ kind: 'or', filters: [a, b] }, c],
    })
  })

  test('what is joined alike is one node, unless brackets part it', () => {
    const [a, b, c] = [present('a'), present('b'), present('c')]
    expect(parseFilter('a pr and b pr and c pr')).toEqual({ kind: 'and', filters: [a, b, c] })
    expect(parseFilter('a pr and (b pr and c pr)')).toEqual({
      kind: 'and',
      filters: [a, { kind: 'and', filters: [b, c] }],
    })
    expect(parseFilter('((((a pr))))')).toEqual(a)
  })

  test('a value path holds a filter with connectives and brackets of its own [P-3.4.2.2-15]', () => {
    expect(parseFilter('emails[type eq "work" or (not (type eq "home") and value pr)]')).toEqual({
      kind: 'valuePath',
      attribute: path('emails'),
      filter: {
        kind: 'or',
        filters: [
          equal('type', 'work'),
          { kind: 'and', filters: [{ kind: 'not', filter: equal('type', 'home') }, present('value')] },
        ],
      },
    })
    expect(refused('emails[type eq "work" and ims[type pr]]')).toContain('cannot stand inside another')
    expect(refused('emails[(ims[type pr])]')).toContain('cannot stand inside another')
  })

  test.each([
    ['userName', path('userName')],
    ['name.givenName', path('name', 'givenName')],
    ['$ref', path('$ref')],
    ['members.$ref', path('members', '$ref')],
    ['a-b_c9.d-e_f0', path('a-b_c9', 'd-e_f0')],
    ['urn:example:User:title', path('title', undefined, 'urn:example:User')],
    ['urn:example:2.0:User:name.givenName', path('name', 'givenName', 'urn:example:2.0:User')],
    // Only a schema can tell that these are no attributes.
    ['urn:example:2.0:User', path('User', undefined, 'urn:example:2.0')],
    ['urn:example:1.0', path('1.0', undefined, 'urn:example')],
    ['https://example.com/schemas/a:b', path('b', undefined, 'https://example.com/schemas/a')],
    ['not', path('not')],
    ['order', path('order')],
    ['android', path('android')],
    ['notes', path('notes')],
  ])('the attribute path %s [P-3.4.2.2-17] [P-3.10-01]', (text, expected) => {
    expect(parseFilter(`${text} pr`)).toEqual({ kind: 'present', attribute: expected })
    expect(parseFilter(`x pr and ${text} pr`)).toEqual({
      kind: 'and',
      filters: [present('x'), { kind: 'present', attribute: expected }],
    })
  })

  test.each([
    ['"a"', 'a'],
    ['""', ''],
    ['"a \\"b\\" \\\\ \\/ \\u00e9 \\n"', 'a "b" \\ / é \n'],
    ['"\\ud83d\\ude00"', '😀'],
    ['"\\ud800"', '\ud800'],
    ['"or"', 'or'],
    ['") and ("', ') and ('],
    ['"\u007f é"', '\u007f é'],
    ['true', true],
    ['false', false],
    ['null', null],
    ['0', 0],
    ['-0', -0],
    ['-12.50', -12.5],
    ['1e3', 1000],
    ['1E-2', 0.01],
  ])('the value %s [P-3.4.2.2-16]', (text, value) => {
    expect(parseFilter(`x eq ${text}`)).toEqual(equal('x', value))
    expect(parseFilter(`(x eq ${text})`)).toEqual(equal('x', value))
    expect(parseFilter(`x eq ${text} or x eq ${text}`)).toMatchObject({ kind: 'or' })
  })

  test('one blank may stand between not and its bracket, or none [P-3.4.2.2-14]', () => {
    const node = { kind: 'not', filter: present('a') }
    expect(parseFilter('not(a pr)')).toEqual(node)
    expect(parseFilter('not (a pr)')).toEqual(node)
  })

  test('every node is frozen', () => {
    const seen: unknown[] = []
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      seen.push(value)
      expect(Object.isFrozen(value)).toBe(true)
      for (const part of Object.values(value)) walk(part)
    }
    walk(parseFilter('not (a pr) and (urn:x:b.c eq 1 or d[e eq "f"])'))
    expect(seen.length).toBe(13)
  })
})

describe('what is refused, and where [P-3.4.2.2-04]', () => {
  test.each([
    ['', 'at its end: an attribute name should stand here.'],
    [' ', 'at character 1: there is a blank too many.'],
    ['userName', 'at its end: a blank and an operator should follow.'],
    ['userName ', 'at its end: an operator should stand here.'],
    ['userName eq', 'at its end: a blank and a value should follow.'],
    ['userName eq ', 'at its end: a value should follow "userName".'],
    ['a pr and', 'at its end: a blank and another expression should follow.'],
    ['a pr b pr', 'at character 6, "b pr": "and", "or" or the end should follow.'],
    ['a pr xor b pr', 'at character 6, "xor b pr": "and", "or" or the end should follow.'],
    ['(a pr', 'at its end: "and", "or" or ")" should follow.'],
    ['a pr)', 'at character 5, ")": "and", "or" or the end should follow.'],
    ['a[b pr', 'at its end: "and", "or" or "]" should follow.'],
    ['a[b pr)', 'at character 7, ")": "and", "or" or "]" should follow.'],
    ['()', 'at character 2, ")": an attribute name should stand here.'],
    ['not a pr', 'at character 5, "a pr": "not" should be followed by "(".'],
    ['not not (a pr)', 'at character 5, "not (a pr)": "not" should be followed by "(".'],
    ['nor(a pr)', 'at character 4, "(a pr)": a blank and an operator should follow.'],
    ['nor (a pr)', 'at character 5, "(a pr)": an operator should stand here.'],
    ['NOT a pr', 'at character 5, "a pr": "not" should be followed by "(".'],
    ['not', 'at its end: a blank and an operator should follow.'],
    ['not ', 'at its end: "not" should be followed by "(".'],
    ['not  (a pr)', 'at character 4, "(a pr)": one blank is enough.'],
    ['nota (a pr)', 'at character 6, "(a pr)": an operator should stand here.'],
    ['a  pr', 'at character 2, "pr": one blank is enough.'],
    ['a eq  1', 'at character 5, "1": one blank is enough.'],
    ['a pr  and b pr', 'at character 5, "and b pr": one blank is enough.'],
    ['a pr and  b pr', 'at character 9, "b pr": one blank is enough.'],
    ['a pr and(b pr)', 'at character 9, "(b pr)": a blank and another expression should follow.'],
    ['a pr or', 'at its end: a blank and another expression should follow.'],
    ['(a pr)or (b pr)', 'at character 7, "or (b pr)": a blank and "or" should follow.'],
    ['(a pr)and (b pr)', 'at character 7, "and (b pr)": a blank and "and" should follow.'],
    ['( a pr)', 'at character 2, "a pr)": there is a blank too many.'],
    ['(a pr )', 'at character 6, ")": there is a blank too many.'],
    ['a[ b pr]', 'at character 3, "b pr]": there is a blank too many.'],
    ['a[b pr ]', 'at character 7, "]": there is a blank too many.'],
    ['a pr ', 'at character 5: there is a blank too many.'],
    ['a[b[c pr]]', 'at character 4, "[c pr]]": a value filter cannot stand inside another.'],
    ['a pr orb pr', 'at character 6, "orb pr": "and", "or" or the end should follow.'],
    ['a.b.c pr', 'at character 1, "a.b.c pr": this is no attribute name.'],
    ['1abc pr', 'at character 1, "1abc pr": this is no attribute name.'],
    ['__proto__ pr', 'at character 1, "__proto__ pr": this is no attribute name.'],
    ['$reference pr', 'at character 1, "$reference pr": this is no attribute name.'],
    ['a. pr', 'at character 1, "a. pr": this is no attribute name.'],
    [':a pr', 'at character 2, "a pr": an attribute name is missing.'],
    ['urn:x: pr', 'at character 7, "pr": an attribute name is missing.'],
    ['a[b pr].c pr', 'at character 8, ".c pr": a filter ends with "]", only the path of a PATCH operation goes on.'],
    ['a eq "b\u0000"', 'at character 8: a JSON string has control characters only as escapes.'],
    ['a eq "b', 'at character 6: the string that begins here has no end.'],
    ['a eq "\\x"', 'at character 6: the string that begins here has an escape that JSON does not know.'],
    ["a eq 'b'", 'at character 6: a JSON string stands between double quotes.'],
  ])('%p', (text, where) => {
    expect(refused(text)).toBe(`invalidFilter: The filter is not valid ${where}`)
  })

  test.each(['05', '.5', '5.', '+5', '0x5', '5e', '1_000', 'TRUE', 'nil', 'NaN', 'a b', '{"a":1}', '["a"]'])(
    'the value %s [P-3.4.2.2-16]',
    (value) => {
      expect(refused(`x eq ${value}`)).toMatch(/^invalidFilter: The filter is not valid at character 6/)
    },
  )

  test('an unknown operator is named [P-3.4.2.2-21]', () => {
    expect(refused('userName regex "x"')).toBe(
      'invalidFilter: The filter is not valid at character 10, "regex": the operator "regex" is not supported; there are eq, ne, co, sw, ew, pr, gt, ge, lt and le.',
    )
    const named = 'a-Z_09=!<>&|~.:'
    expect(refused(`userName ${named} "x"`)).toContain(`the operator "${named}" is not supported`)
    expect(refused(`userName ${'x'.repeat(24)} "x"`)).toContain(`the operator "${'x'.repeat(24)}" is not supported`)
    expect(refused(`userName ${'x'.repeat(25)} "x"`)).toContain('this operator is not supported')
    for (const word of ['$x', 'x$', '+']) {
      expect(refused(`userName ${word} "x"`)).toContain('this operator is not supported')
    }
    expect(refused('userName == "x"')).toContain('the operator "==" is not supported')
    // Letters beyond ASCII that share bits with the letters of an operator.
    for (const word of ['e\u0171', '\u0165q', 'e\u2171', 'EQ\u0171'])
      expect(refused(`userName ${word} "x"`)).toContain('this operator is not supported')
    expect(refused(`userName ${'x'.repeat(99)} "x"`)).toContain('this operator is not supported')
  })

  test('values are not repeated, and a detail stays short', () => {
    const secret = 's3cret'
    for (const text of [
      `password eq ${secret}`,
      `password eq "${secret}`,
      `password eq '${secret}'`,
      `a pr "${secret}"`,
    ]) {
      expect(refused(text)).not.toContain(secret)
    }
    expect(refused(`a pr ${'x'.repeat(5000)}`).length).toBeLessThan(200)
  })

  test.each(['a\tpr', 'a pr\nand b pr', 'a pr and\u00a0b pr'])('%j: other white space, in both modes', (text) => {
    expect(refused(text)).toMatch(/^invalidFilter/)
    expect(refused(text, tolerant)).toMatch(/^invalidFilter/)
  })
})

describe('limits [P-3.4.2.2-28]', () => {
  test.each(['(', 'not(', 'a[', 'not (', '((a pr) and '])('10,000 times %p', (piece) => {
    const limits = { length: 1e6 }
    expect(refusal(() => parseFilter(piece.repeat(10_000), { limits }))).toMatch(/^invalidFilter/)
  })

  // Decision A-18.
  test('brackets inside each other', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}a pr${')'.repeat(depth)}`
    expect(parseFilter(nested(FILTER_LIMITS.depth))).toEqual(present('a'))
    expect(refused(nested(FILTER_LIMITS.depth + 1))).toContain('no more than 50 brackets inside each other')
    expect(refusal(() => parseFilter(nested(3), { limits: { depth: 2 } }))).toContain('no more than 2 brackets')
    expect(parseFilter('(a pr) and (b pr) and (c pr)', { limits: { depth: 1 } })).toMatchObject({ kind: 'and' })
  })

  test('expressions', () => {
    const many = (count: number) => Array(count).fill('a pr').join(' or ')
    expect(parseFilter(many(FILTER_LIMITS.nodes - 1))).toMatchObject({ kind: 'or' })
    expect(refused(many(FILTER_LIMITS.nodes))).toContain('no more than 500 expressions are accepted')
    expect(refusal(() => parseFilter(many(3), { limits: { nodes: 3 } }))).toContain('no more than 3 expressions')
  })

  test('every kind of node counts', () => {
    const counted = (text: string, nodes: number) => {
      expect(() => parseFilter(text, { limits: { nodes } })).not.toThrow()
      expect(refusal(() => parseFilter(text, { limits: { nodes: nodes - 1 } }))).toContain('expressions are accepted')
    }
    counted('a pr', 1)
    counted('a eq 1', 1)
    counted('not (a pr)', 2)
    counted('a[b pr]', 2)
    counted('a pr and b pr', 3)
    counted('a pr or b pr or c pr', 4)
    counted('a[b pr and c pr] or not (d pr)', 7)
  })

  test('brackets that have been closed do not count', () => {
    const limits = { depth: 1 }
    expect(parseFilter('a[b pr] and c[d pr] and not (e pr)', { limits })).toMatchObject({ kind: 'and' })
    expect(refusal(() => parseFilter('a[(b pr)]', { limits }))).toContain('no more than 1 brackets')
    expect(refusal(() => parseFilter('not (not (b pr))', { limits }))).toContain('no more than 1 brackets')
  })

  test('length', () => {
    expect(parseFilter('a pr', { limits: { length: 4 } })).toEqual(present('a'))
    expect(refused(`a eq "${'x'.repeat(FILTER_LIMITS.length)}"`)).toContain('no more than 8192 characters')
    expect(refusal(() => parseFilter('a pr', { limits: { length: 3 } }))).toContain('no more than 3 characters')
  })
})

describe('tolerances', () => {
  const reports = (text: string) => {
    const used: string[] = []
    const filter = parseFilter(text, { tolerate: (name, where) => used.push(`${name} ${where}`) > 0 })
    return { used, filter }
  }
  const without = (name: ToleranceName) => (asked: ToleranceName) => asked !== name

  test.each([
    '  a pr  ',
    'a   pr',
    'a eq   "x"',
    'a pr  and  b pr',
    '( a pr )',
    'not  (a pr)',
    'a[ b pr ]',
    '(a pr)and(b pr)',
    'a eq"x"',
  ])('extraBlanks: %p', (text) => {
    expect(refused(text)).toMatch(/^invalidFilter/)
    expect(refusal(() => parseFilter(text, { tolerate: without('extraBlanks') }))).toMatch(/^invalidFilter/)
    expect(new Set(reports(text).used)).toEqual(new Set(['extraBlanks undefined']))
  })

  test('extraBlanks does not make words of letters that stand together', () => {
    for (const text of ['a prand b pr', 'a pr andb pr', 'aeq "x"', 'a pr not(b pr)']) {
      expect(refused(text, tolerant)).toMatch(/^invalidFilter/)
    }
  })

  test('filterAfterValuePath', () => {
    const both = parseFilter('emails[type eq "work" and value eq "x"]')
    expect(reports('emails[type eq "work"].value eq "x"')).toEqual({
      used: ['filterAfterValuePath emails'],
      filter: both,
    })
    expect(parseTolerantly('emails[a pr and b pr].c pr and d pr')).toEqual(
      parseFilter('emails[a pr and b pr and c pr] and d pr'),
    )
    expect(parseTolerantly('emails[a pr or b pr].c pr')).toEqual(parseFilter('emails[(a pr or b pr) and c pr]'))
    expect(refused('emails[a pr].b.c pr', tolerant)).toContain('sub-attribute')
    expect(refused('emails[a pr].', tolerant)).toContain('sub-attribute')
    expect(refused('emails[a pr] .b pr', tolerant)).toMatch(/^invalidFilter/)
  })

  test('unquotedText', () => {
    expect(reports('externalId eq jyoung')).toEqual({
      used: ['unquotedText externalId'],
      filter: equal('externalId', 'jyoung'),
    })
    expect(parseTolerantly('name.givenName sw \'O (x) "y"\'')).toMatchObject({ value: 'O (x) "y"' })
    expect(parseTolerantly('(a eq b.c@d-e)')).toEqual(equal('a', 'b.c@d-e'))
    expect(parseTolerantly('emails[value eq x]')).toMatchObject({ filter: equal('value', 'x') })
    expect(parseTolerantly('a gt 2011-05-13T04:42:34Z')).toMatchObject({ value: '2011-05-13T04:42:34Z' })
    expect(parseTolerantly('a eq 007')).toEqual(equal('a', '007'))
    expect(reports('a eq null or a eq 7 or a eq true').used).toEqual([])
  })

  test.each([
    'a eq',
    'a eq ',
    "a eq 'x",
    "a eq 'x'y",
    'a eq [x]',
    'a eq {"x":1}',
    'a eq x"y"',
    'a eq x y',
    'a eq and b pr',
  ])('unquotedText has its end: %p', (text) => {
    expect(refused(text, tolerant)).toMatch(/^invalidFilter/)
  })
})
