import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { docsAt } from '../../setup-error.js'
import type { Bench } from '../kit/bench.js'
import { freeText } from '../kit/choose.js'
import { assign, valueIn } from '../kit/drafts.js'
import { type Rule, ruleAbout } from '../kit/rule.js'
import type { Subject } from '../kit/subject.js'
import { ContractViolation } from '../kit/violation.js'

const secretOf = (subject: Subject): Attribute | undefined =>
  subject.unreadable.find(({ type, multiValued, keys }) => type === 'string' && !multiValued && keys.length === 1)

/**
 * The kit learns whether a password is stored from `reveal`, from get, or from a patch that removes it: does it report
 * a change?
 */
export const UNREADABLE: readonly Rule[] = [
  ruleAbout({
    name: 'replace without a password keeps the stored one',
    section: 'replace',
    part: secretOf,
    run: async (bench, secret) => {
      const { id, draft } = await withSecret(bench, secret)
      const before = await look(bench, id, secret)
      const without = structuredClone(draft)
      assign(without, secret, undefined)
      await bench.me.replace(id, without)
      const kept = before.isSame(await look(bench, id, secret))
      bench.verify(kept, 'replace', `lost "${secret.path}", which no client can send back`)
      await expectThere(bench, id, secret, 'replace')
    },
  }),
  ruleAbout({
    name: 'replace with a password stores the new one',
    section: 'replace',
    part: (subject) => (subject.options.reveal ? secretOf(subject) : undefined),
    run: async (bench, secret) => {
      const { id, draft } = await withSecret(bench, secret)
      const before = await look(bench, id, secret)
      assign(draft, secret, 'another-Passw0rd')
      await bench.me.replace(id, draft)
      const changed = !before.isSame(await look(bench, id, secret))
      bench.verify(changed, 'replace', `kept the old "${secret.path}" though the draft has a new one`)
    },
  }),
  ruleAbout({
    name: 'a password is not stored in clear text',
    section: 'stored',
    part: (subject, { password }) =>
      subject.options.reveal && password === undefined ? passwordOf(subject) : undefined,
    run: async (bench, secret) => {
      const { id, draft } = await withSecret(bench, secret)
      const expectHidden = async (clear: string, callback: string): Promise<void> => {
        const { value } = await look(bench, id, secret)
        // RFC 7643 section 7.2, "returned", and section 9.2: "never be stored in cleartext".
        const told = `stored "${secret.path}" in clear text: store a hash, or let the router make it (option password.hash), and give the kit the same option`
        bench.verify(!holds(value, clear), callback, told)
      }
      await expectHidden(FIRST, 'create')
      assign(draft, secret, 'another-Passw0rd')
      await bench.me.replace(id, draft)
      await expectHidden('another-Passw0rd', 'replace')
      await bench.me.patch(id, [{ op: 'replace', path: secret.path, value: 'a-third-Passw0rd' }])
      await expectHidden('a-third-Passw0rd', 'patch')
    },
  }),
  ruleAbout({
    name: 'a patch of another attribute keeps the password',
    section: 'patch',
    part: (subject) => {
      const [secret, text] = [secretOf(subject), freeText(subject, false)]
      return secret && text && { secret, path: text.path }
    },
    run: async (bench, { secret, path }) => {
      const { id } = await withSecret(bench, secret)
      const before = await look(bench, id, secret)
      await bench.me.patch(id, [{ op: 'replace', path, value: 'changed' }])
      const kept = before.isSame(await look(bench, id, secret))
      bench.verify(kept, 'patch', `of "${path}" lost "${secret.path}"`)
      await expectThere(bench, id, secret, 'patch')
    },
  }),
]

const FIRST = 'first-Passw0rd'

/** RFC 8265 section 4.2: passwords are the texts of the profile OpaqueString. */
const passwordOf = (subject: Subject): Attribute | undefined =>
  subject.unreadable.find(({ precis, multiValued }) => precis === 'OpaqueString' && !multiValued)

/** Whether a stored value contains a text, unchanged or in an encoding that can be reversed without a key. */
function holds(value: unknown, clear: string): boolean {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  const encodings = (['base64', 'base64url', 'hex'] as const).map((name) => Buffer.from(clear).toString(name))
  return [clear, ...encodings].some((one) => text.includes(one.replaceAll('=', '')))
}

async function withSecret(
  bench: Bench,
  secret: Attribute,
): Promise<{ readonly id: string; readonly draft: JsonObject }> {
  const draft = await bench.plain(1, [secret, FIRST])
  return { id: String((await bench.me.create(draft)).id), draft }
}

/** The value of a secret that the kit can read now. */
interface Look {
  readonly value: unknown
  readonly isSame: (other: Look) => boolean
}

async function look({ subject, me }: Bench, id: string, secret: Attribute): Promise<Look> {
  const { reveal } = subject.options
  const value = reveal
    ? await me.caller.read('reveal', (_adapter, call) => reveal(id, secret.path, call))
    : valueIn((await me.get(id)) ?? {}, secret)
  return { value, isSame: (other) => JSON.stringify(value) === JSON.stringify(other.value) }
}

/**
 * Checks that a secret is stored. If neither `reveal` nor get returns it, a patch that removes it must report a change.
 */
async function expectThere(bench: Bench, id: string, secret: Attribute, callback: string): Promise<void> {
  const { value } = await look(bench, id, secret)
  if (value !== undefined && value !== null) return
  const { subject, me } = bench
  const lost = `${callback} lost "${secret.path}", which no client can send back`
  if (subject.options.reveal) throw new ContractViolation(`${subject.name}.${lost}`, 'replace')
  const removed = await me.patch(id, [{ op: 'remove', path: secret.path }])
  if (removed === undefined || removed === 'stale' || removed.declined) {
    throw new Error(
      `Whether ${subject.name}.${callback} keeps "${secret.path}" cannot be seen from outside: give the option "reveal", or name the attribute in "omit" (${docsAt('conformance-kit.md#passwords')}).`,
    )
  }
  bench.verify(removed.changed, callback, lost.slice(callback.length + 1))
}
