import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What every part of the house needs, and the one file that defines it: a copy would not get the next correction. */
const HOME: Readonly<Record<string, string>> = {
  isObject: 'is-object.ts',
  memo: 'memo.ts',
  ownProperty: 'schema/values.ts',
  valueAt: 'schema/values.ts',
  valuesAt: 'schema/values.ts',
  withValue: 'schema/values.ts',
  allAttributes: 'schema/attribute.ts',
  isMembership: 'schema/attribute.ts',
  targetTypes: 'schema/attribute.ts',
  isUnreadable: 'schema/unreadable.ts',
  isPage: 'adapter/page.ts',
  withoutAssigned: 'adapter/without-assigned.ts',
  EVERYTHING: 'adapter/selections.ts',
}

// These stand around the engine and use its public face alone.
const AROUND = ['cli/', 'client/', 'guides/']

const src = join(__dirname, '../../src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !AROUND.some((part) => name.startsWith(part)))
const texts = files.map((file) => [file, readFileSync(join(src, file), 'utf8')] as const)

function filesWith(pattern: RegExp): readonly string[] {
  return texts.filter(([, text]) => pattern.test(text)).map(([file]) => file)
}

describe('one of each', () => {
  test.each(Object.entries(HOME))('%s is defined in src/%s alone', (name, home) => {
    expect(filesWith(new RegExp(`\\b(?:function\\*?|const|let) ${name}\\b`))).toEqual([home])
  })

  test('an operation waits with a plain await; only the files of docs/architecture.md look before they wait', () => {
    const operations = filesWith(/request\/pending\.js'/).filter((file) => file.startsWith('provider/operations/'))
    expect(operations.sort()).toEqual(
      ['patch-resource', 'permit', 'prepare-patch', 'prepare', 'replace'].map(
        (name) => `provider/operations/${name}.ts`,
      ),
    )
    const looking = filesWith(/\bisPending\(/).filter((file) => file.startsWith('provider/operations/'))
    expect(looking.sort()).toEqual(['provider/operations/prepare-patch.ts', 'provider/operations/prepare.ts'])
  })

  test('no file asks URL.canParse, which refuses letters beyond ASCII on Node 20 once its caller is hot', () => {
    const all = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
    const asking = all.filter((file) => /^(?!\s*(?:\*|\/)).*\bcanParse\b/m.test(readFileSync(join(src, file), 'utf8')))
    expect(asking).toEqual([])
  })

  test('what is remembered for an attribute, schema or mapping is remembered by memo()', () => {
    expect(filesWith(/new WeakMap<(?:Attribute|ResourceSchema|TableMapping)\b/)).toEqual([])
  })
})
