/** Work with a stop wherever others may have their turn: a request may hold a hundred thousand names. */
export type InTurns<Result> = Generator<void, Result>

/** Does the work in one go. */
export function atOnce<Result>(steps: InTurns<Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Does the work with a pause wherever it is time for one. Work that needs no pause has its result at once. */
export function inTurns<Result>(
  steps: InTurns<Result>,
  pause: () => Promise<void> | undefined,
): Result | Promise<Result> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    const pausing = pause()
    if (pausing) return goOn(pausing, steps, pause)
  }
}

async function goOn<Result>(
  first: Promise<void>,
  steps: InTurns<Result>,
  pause: () => Promise<void> | undefined,
): Promise<Result> {
  await first
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    const pausing = pause()
    if (pausing) await pausing
  }
}
