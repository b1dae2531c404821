/**
 * Whether the tests may take minutes. `npm run test:long` runs the long forms of tests; `npm test` is short, because
 * people wait for it.
 */
export const IS_LONG = process.env['TEST_LENGTH'] === 'long'

/** How often something random is tried. */
export function runs(short: number, long: number): number {
  return IS_LONG ? long : short
}

/**
 * The whole list in the long form; every n-th item in the short one, for cases that other short tests cover, too.
 *
 * @param from the first item of the short form; tests that share a list begin at different items, and so try all of it
 *   together.
 */
export function sample<T>(all: readonly T[], every: number, from = 0): readonly T[] {
  return IS_LONG ? all : all.filter((_, index) => index % every === from % every)
}
