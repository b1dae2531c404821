const SECOND = 1_000
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400 * SECOND],
  ['hour', 3_600 * SECOND],
  ['minute', 60 * SECOND],
  ['second', SECOND],
]

type Moment = string | number | Date

/** Dates and numbers as the reader of the page writes them. */
export class Format {
  readonly #day: Intl.DateTimeFormat
  readonly #moment: Intl.DateTimeFormat
  readonly #clock: Intl.DateTimeFormat
  readonly #exact: Intl.DateTimeFormat
  readonly #relative: Intl.RelativeTimeFormat
  readonly #number: Intl.NumberFormat

  constructor(locale?: string) {
    const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
    const clock = { hour: '2-digit', minute: '2-digit' } as const
    this.#day = new Intl.DateTimeFormat(locale, day)
    this.#moment = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...clock })
    this.#clock = new Intl.DateTimeFormat(locale, { ...clock, second: '2-digit' })
    this.#exact = new Intl.DateTimeFormat(locale, { ...day, ...clock, second: '2-digit', timeZoneName: 'short' })
    this.#relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
    this.#number = new Intl.NumberFormat(locale)
  }

  day(moment: Moment): string {
    return this.#day.format(new Date(moment))
  }

  /** The clock alone for today, else the day before it. */
  moment(moment: Moment, now = Date.now()): string {
    const date = new Date(moment)
    const isToday = date.toDateString() === new Date(now).toDateString()
    return (isToday ? this.#clock : this.#moment).format(date)
  }

  clock(moment: Moment): string {
    return this.#clock.format(new Date(moment))
  }

  exact(moment: Moment): string {
    return this.#exact.format(new Date(moment))
  }

  ago(moment: Moment, now = Date.now()): string {
    const difference = new Date(moment).getTime() - now
    const [unit, size] = UNITS.find(([, length]) => Math.abs(difference) >= length) ?? (['second', SECOND] as const)
    return this.#relative.format(Math.trunc(difference / size), unit)
  }

  number(value: number): string {
    return this.#number.format(value)
  }
}
