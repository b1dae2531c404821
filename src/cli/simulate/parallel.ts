/** Works on the items of a list, a given number at a time, until it is stopped. */
export async function inParallel<T>(
  list: readonly T[],
  limit: number,
  work: (one: T) => Promise<void>,
  stop?: AbortSignal,
): Promise<void> {
  const rest = list.values()
  const worker = async (): Promise<void> => {
    for (const one of rest) {
      if (stop?.aborted) return
      await work(one)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, list.length) }, worker))
}
