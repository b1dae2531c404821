const EPOCH = Date.UTC(2001, 0, 1)

/** A time in the past, by its minutes after the first of 2001. */
export function at(minute: number): Date {
  return new Date(EPOCH + minute * 60_000)
}
