import type { Stored } from '../../adapter/contract.js'

/**
 * Reads the attributes that a store yields bit by bit, so that the whole resource is there.
 *
 * @param names The attributes that are needed; undefined: all.
 */
export async function collect(stored: Stored, names?: ReadonlySet<string>): Promise<Stored> {
  let collected: Record<string, unknown> | undefined
  for (const [name, value] of Object.entries(stored)) {
    if (names && !names.has(name)) continue
    if (typeof value !== 'object' || value === null || !(Symbol.asyncIterator in value)) continue
    const elements: unknown[] = []
    for await (const element of value as AsyncIterable<unknown>) elements.push(element)
    collected ??= { ...stored }
    collected[name] = elements
  }
  return (collected as Stored | undefined) ?? stored
}
