/**
 * Whether the tests may take minutes. `npm run test:long` runs what has a long form with it; `npm test` is short,
 * because people wait for it.
 */
export const IS_LONG = process.env['TEST_LENGTH'] === 'long'

/** How often something random is tried. */
export function runs(short: number, long: number): number {
  return IS_LONG ? long : short
}

/**
 * All of a list in the long form; every n-th in the short one, for what other tests of the short form try, too.
 *
 * @param from the first of those; tests that share a list begin at different ones, and try all of it together.
 */
export function sample<T>(all: readonly T[], every: number, from = 0): readonly T[] {
  return IS_LONG ? all : all.filter((_, index) => index % every === from % every)
}
