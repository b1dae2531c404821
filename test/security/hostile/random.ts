import { randomNumbers } from '../../../src/conformance/kit/random.js'

/** Choices that are the same for the same seed, so that a fault is found again. */
export interface Random {
  readonly below: (limit: number) => number
  readonly chance: (percent: number) => boolean
  readonly pick: <T>(values: readonly T[]) => T
  readonly times: <T>(most: number, make: () => T) => T[]
}

export function randomOf(seed: number): Random {
  const below = randomNumbers(scattered(seed))
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: (values) => values[below(values.length)] as (typeof values)[number],
    times: (most, make) => Array.from({ length: below(most + 1) }, make),
  }
}

/** Neighbouring seeds have nothing to do with each other. */
function scattered(seed: number): number {
  let mixed = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
