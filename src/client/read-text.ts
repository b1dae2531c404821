import { ScimClientError } from './client-error.js'

/** Reads the body of a response as text. Throws if it is longer than allowed, without reading the rest. */
export async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  const pieces: string[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    // Throwing here ends the loop, which cancels the body.
    if (bytes > maxBytes) throw new ScimClientError('answer', `The answer is larger than ${maxBytes} bytes.`)
    pieces.push(decoder.decode(chunk, { stream: true }))
  }
  pieces.push(decoder.decode())
  return pieces.join('')
}
