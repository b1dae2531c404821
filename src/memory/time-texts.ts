/**
 * Writes times as `Date.toISOString` does. Under load most times fall into the second of the one before, whose text is
 * kept.
 */
export class TimeTexts {
  #second = Number.NaN
  #upToSecond = ''
  #time = Number.NaN
  #text = ''

  /** @param time Milliseconds since 1970. */
  of(time: number): string {
    if (time === this.#time) return this.#text
    const milliseconds = ((time % 1000) + 1000) % 1000
    const second = time - milliseconds
    if (second !== this.#second) {
      this.#second = second
      this.#upToSecond = new Date(second).toISOString().slice(0, -'000Z'.length)
    }
    this.#time = time
    // One flat text, as in `Context.location`; the store keeps it.
    this.#text = [this.#upToSecond, String(milliseconds).padStart(3, '0'), 'Z'].join('')
    return this.#text
  }
}
