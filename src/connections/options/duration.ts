import { DAY, HOUR, MINUTE, SECOND } from '../../time.js'

/** A length of time: `'7d'`, `'72h'`, `'90m'`, `'30s'`. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`

/** How long a credential lives; `'never'`: it does not end by itself. */
export type Life = Duration | 'never'

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** Milliseconds of a length of time; undefined if the text is none. */
export function readDuration(text: unknown): number | undefined {
  const [, count, unit = ''] = (typeof text === 'string' && /^(\d{1,6})([smhd])$/.exec(text)) || []
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 0)
}
