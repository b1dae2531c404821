/** A length of time: `'7d'`, `'72h'`, `'90m'`, `'30s'`. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`

/** How long a credential lives; `'never'`: it does not end by itself. */
export type Life = Duration | 'never'

const SECOND = 1_000
const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: 60 * SECOND, h: 3_600 * SECOND, d: 86_400 * SECOND }

export const MINUTE = 60 * SECOND
export const DAY = 86_400 * SECOND

/** Milliseconds of a length of time; undefined if the text is none. */
export function readDuration(text: unknown): number | undefined {
  const [, count, unit = ''] = (typeof text === 'string' && /^(\d{1,6})([smhd])$/.exec(text)) || []
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 0)
}
