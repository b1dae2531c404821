/**
 * Whether the tests may take minutes. `npm run test:long` runs what has a long form with it; `npm test` is short, because
 * people wait for it.
 */
export const IS_LONG = process.env['TEST_LENGTH'] === 'long'

/** How often something random is tried. */
export function runs(short: number, long: number): number {
  return IS_LONG ? long : short
}

/** All of a list in the long form; every n-th in the short one, for what another test of the short form tries in full. */
export function sample<T>(all: readonly T[], every: number): readonly T[] {
  return IS_LONG ? all : all.filter((_, index) => index % every === 0)
}
