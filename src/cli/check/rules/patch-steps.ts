import { type Bench, mustPatch, mustRead } from '../bench/bench.js'
import { type Json, mustRefuse, shown, valuesOf } from '../bench/expect.js'

/** Patches a new user and checks the value of one attribute afterwards. */
export async function changes(
  bench: Bench,
  before: Json,
  operations: readonly Json[],
  name: string,
  after: unknown,
): Promise<Json> {
  const user = await bench.newUser(before)
  mustPatch(await bench.patch(bench.at(bench.users, user), ...operations), `PATCH ${shown(operations)}`)
  return mustRead(bench, user, name, after, `PATCH ${shown(operations)}`)
}

/** Checks that a PATCH is refused and changes nothing. */
export async function refuses(
  bench: Bench,
  operations: readonly Json[],
  statuses: number | readonly number[],
  scimType?: string,
): Promise<void> {
  const text = bench.text()
  const user = await bench.newUser({ [text]: 'before' })
  const answer = await bench.patch(bench.at(bench.users, user), ...operations)
  mustRefuse(answer, statuses, `PATCH ${shown(operations)}`, scimType)
  await mustRead(bench, user, text, 'before', 'a PATCH that was refused')
}

/** The values that a list of a user has now, in order. */
export async function values(bench: Bench, user: Json, list: string): Promise<readonly unknown[]> {
  return valuesOf(await bench.read(bench.users, user), list)
    .map(({ value }) => value)
    .sort()
}

/** A new user with two values in a list. */
export async function twoValues(bench: Bench) {
  const list = bench.list()
  const [work, home] = [bench.value(list, 'work.place'), bench.value(list, 'home.pl')]
  const user = await bench.newUser({
    [list]: [
      { value: work, type: 'work' },
      { value: home, type: 'home' },
    ],
  })
  return { list, user, work, home }
}
