import fc from 'fast-check'
import { atOnce } from '../../src/in-turns.js'
import { findHeads } from '../../src/patch/identity.js'
import { normalizePatch } from '../../src/patch/normalize.js'
import { ValueList } from '../../src/patch/value-list.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { PATCH_OP } from '../../src/urn.js'
import { attributeIn, deepFreeze, userSchema } from '../patch/support.js'
import { runs } from '../support/length.js'

const emails = attributeIn(userSchema, 'emails')

// Few values, so that operations meet each other.
const email = fc.record(
  {
    value: fc.constantFrom('a', 'B', 'c', 'D', 'ä', 'Ö', 'e'),
    type: fc.constantFrom('work', 'home'),
    display: fc.constantFrom('x', 'y'),
    primary: fc.boolean(),
  },
  { requiredKeys: [] },
)
const list = fc.array(email, { maxLength: 7 })
// Which of two stored values with one key comes back depends on when the index was made.
const stored = fc.uniqueArray(email, {
  maxLength: 7,
  selector: ({ value, type, display }) => `${type} ${value?.toLowerCase() ?? `\0${display}`}`,
})
const operation = fc.oneof(
  { weight: 3, arbitrary: fc.record({ op: fc.constantFrom('add', 'replace'), values: list }) },
  fc.record({ op: fc.constant('clear'), values: fc.constant([]) }),
  fc.record({ op: fc.constant('remove'), values: fc.array(email, { minLength: 1, maxLength: 1 }) }),
  fc.record({ op: fc.constant('change'), values: fc.array(email, { minLength: 2, maxLength: 2 }) }),
)

const ADD = { op: 'add', attribute: emails, filter: undefined, subAttribute: undefined, create: undefined } as const

type Step = { readonly op: string; readonly values: readonly JsonObject[] }

function apply(target: ValueList, { op, values }: Step): void {
  const [first, second] = values
  const choice = { meets: (one: unknown) => (one as JsonObject).value === first?.value, looks: 1 }
  if (op === 'add') target.add(values)
  else if (op === 'replace') target.replace(values)
  else if (op === 'clear') target.clear()
  else if (op === 'remove') target.change(choice, () => undefined)
  else target.change(choice, (one) => ({ ...(one as JsonObject), ...second }))
  target.dropEqual()
}

/**
 * `primary: false` is as no `primary`: a value that was removed and comes again is the stored one, which may have it.
 */
const comparable = (values: unknown) =>
  (values as readonly JsonObject[] | undefined)?.map(({ primary, ...rest }) => (primary ? { primary, ...rest } : rest))

test('values are found in a list with an index and without one', () => {
  fc.assert(
    fc.property(stored, fc.array(operation, { maxLength: 5 }), (values, steps) => {
      deepFreeze(values)
      const results = [false, true].map((areKnown) => {
        const target = new ValueList(emails, values)
        // Searches often enough for the list to make an index.
        if (!areKnown) target.removeReferences(['no', 'such', 'value', 'is', 'there'])
        // Each list has its own steps: heads are known by the list of added values.
        for (const step of structuredClone(steps)) {
          if (areKnown) atOnce(findHeads({ ...ADD, value: step.values }))
          apply(target, step)
        }
        return target.close()
      })
      const [expected, matched] = results
      expect(comparable(matched)).toEqual(comparable(expected))
      // If the values do not change with an index, they do not change without it.
      if (expected === values) expect(matched).toBe(values)
    }),
    { numRuns: runs(1_500, 50_000) },
  )
})

test('a request with a long list finds the heads of its values before it is applied', () => {
  const values = Array.from({ length: 2_000 }, (_, n) => ({ value: `Ä${n}@x.test`, type: 'work' }))
  const [operation] = normalizePatch(
    userSchema,
    { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'emails', value: values }] },
    { tolerate: () => false },
  )
  const stored = deepFreeze(values.toReversed())
  const target = new ValueList(emails, stored)
  target.replace(operation?.value as readonly unknown[])
  expect(target.close()).toBe(stored)
})
