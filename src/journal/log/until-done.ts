/** Repeats a small step until it finds no more work. Returns how much was done. */
export async function untilDone(step: () => Promise<number>): Promise<number> {
  let sum = 0
  for (;;) {
    const count = await step()
    sum += count
    if (count === 0) return sum
  }
}
