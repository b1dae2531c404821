/**
 * Whether the tests may take minutes. `npm run test:long` runs what has a long form with it; `npm test` is short, because
 * people wait for it.
 */
export const IS_LONG = process.env['TEST_LENGTH'] === 'long'

/** How often something random is tried. */
export function runs(short: number, long: number): number {
  return IS_LONG ? long : short
}
