import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Helpers of every part of the house, and the one file that defines each: a copy would not get the next correction. */
const HOME: Readonly<Record<string, string>> = {
  isObject: 'is-object.ts',
  isIterable: 'is-object.ts',
  memo: 'memo.ts',
  ownProperty: 'schema/values/values.ts',
  valueAt: 'schema/values/values.ts',
  valuesAt: 'schema/values/values.ts',
  withValue: 'schema/values/values.ts',
  isPrimary: 'schema/values/values.ts',
  allAttributes: 'schema/model/attribute.ts',
  isMembership: 'schema/model/attribute.ts',
  targetTypes: 'schema/model/attribute.ts',
  isUnreadable: 'schema/resources/unreadable.ts',
  withoutUnreadable: 'schema/resources/unreadable.ts',
  isPage: 'adapter/page.ts',
  withoutAssigned: 'adapter/without-assigned.ts',
  EVERYTHING: 'adapter/selections.ts',
}

/**
 * The files of provider/ that look whether a value is pending before they wait, by the layers of docs/architecture.md
 * ("Operations use a plain await").
 */
const LOOKING = [
  'provider/handle.ts',
  'provider/request/pending.ts',
  'provider/request/input.ts',
  'provider/policy/authenticate.ts',
  'provider/policy/authorize.ts',
  'provider/policy/permit.ts',
  'provider/policy/references.ts',
  'provider/events/transaction.ts',
  'provider/store/read-stored.ts',
  'provider/query/list-page.ts',
  'provider/query/search-page.ts',
  'provider/writing/read-permitted.ts',
  'provider/writing/prepare.ts',
  'provider/writing/prepare-patch.ts',
  'provider/writing/patch-resource.ts',
  'provider/writing/replace-stored.ts',
  'provider/bulk/job.ts',
  'provider/bulk/step.ts',
]

/**
 * `isPending` or `andThen`; a pause that is neither awaited at once nor handed over as a function; a wait for a value
 * only if it is there.
 */
const LOOKS =
  /\b(?:isPending|andThen)(?:<[^()]*>)?\(|(?<!await |\(\) => )(?<![\w.#])(?:[\w#]+\.)*pauseIfDue\(|\b(\w+) \? \1\.then\(|\bif \((\w+)\) await \2\b/

const src = join(__dirname, '../../src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'))
const texts = files.map((file) => [file, readFileSync(join(src, file), 'utf8')] as const)

function filesWith(pattern: RegExp): readonly string[] {
  return texts.filter(([, text]) => pattern.test(text)).map(([file]) => file)
}

describe('one of each', () => {
  test.each(Object.entries(HOME))('%s is defined in src/%s alone', (name, home) => {
    expect(filesWith(new RegExp(`\\b(?:function\\*?|const|let) ${name}\\b`))).toEqual([home])
  })

  test('a file of provider/ waits with a plain await; only the files of the list look before they wait', () => {
    expect(
      filesWith(LOOKS)
        .filter((file) => file.startsWith('provider/'))
        .sort(),
    ).toEqual([...LOOKING].sort())
  })

  test.each([
    'const body = isPending(sent) ? await sent : sent',
    'return andThen(reading, required)',
    'const pause = context.breather.pauseIfDue()',
    'return andThen(context.breather.pauseIfDue(), () => body)',
    'const pause = position % 64 === 0 && context.breather.pauseIfDue()',
    'return pause ? pause.then(show) : show()',
    'if (permission) await permission',
    'return (context.breather.pauseIfDue() ?? NOTHING).then(show)',
  ])('a look before a wait is found: %s', (line) => {
    expect(line).toMatch(LOOKS)
  })

  test.each(['await context.breather.pauseIfDue()', 'inTurns(pieces, () => this.#context.breather.pauseIfDue())'])(
    'a plain wait is none: %s',
    (line) => {
      expect(line).not.toMatch(LOOKS)
    },
  )

  test('no file asks URL.canParse, which refuses letters beyond ASCII on Node 20 once its caller is hot', () => {
    const all = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
    const asking = all.filter((file) => /^(?!\s*(?:\*|\/)).*\bcanParse\b/m.test(readFileSync(join(src, file), 'utf8')))
    expect(asking).toEqual([])
  })

  test('what is remembered for an attribute, schema or mapping is remembered by memo()', () => {
    expect(filesWith(/new WeakMap<(?:Attribute|ResourceSchema|TableMapping)\b/)).toEqual([])
  })
})
