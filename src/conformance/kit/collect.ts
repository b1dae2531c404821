import type { Stored } from '../../adapter/contract.js'

/** A stored resource with its streamed lists read to their end. */
export async function collected(stored: Stored): Promise<Stored> {
  const whole: Record<string, unknown> = { ...stored }
  for (const [name, value] of Object.entries(whole)) {
    if (isAsyncIterable(value)) whole[name] = await elementsOf(value)
    else if (typeof value === 'object' && value !== null && name.includes(':')) {
      whole[name] = await collected(value as Stored)
    }
  }
  return whole as Stored
}

async function elementsOf(list: AsyncIterable<unknown>): Promise<unknown[]> {
  const elements: unknown[] = []
  for await (const element of list) elements.push(element)
  return elements
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
