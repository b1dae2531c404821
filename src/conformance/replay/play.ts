import type { Answer, Client } from './http-client.js'
import { elementsAt, mismatches, valueAtPath } from './match.js'
import { Names } from './names.js'
import type { Expectation, Sequence, Step } from './sequence.js'

/**
 * Sends the requests of a sequence in order; each acts on the state that the earlier ones left.
 *
 * @param run the value of `${run}`; default: ten random hex digits.
 * @returns one line for each difference between an answer and the expected one; empty if the sequence passes.
 */
export async function playSequence(sequence: Sequence, client: Client, run?: string): Promise<string[]> {
  const names = new Names(client.base, sequence.vars, run)
  const failures: string[] = []
  for (const step of sequence.steps) {
    const told = await play(step, client, names).catch((error: Error) => [error.message])
    failures.push(...told.map((line) => `${step.name}: ${line}`))
  }
  for (const path of sequence.cleanup ?? []) {
    // The path of a resource that no earlier step created is unknown; there is nothing to delete.
    await Promise.resolve(path)
      .then((template) => client.send('DELETE', names.fillPath(template)))
      .catch(() => undefined)
  }
  return failures
}

async function play(step: Step, client: Client, names: Names): Promise<string[]> {
  const answer = await client.send(step.method, names.fillPath(step.path), {
    headers: names.fill(step.headers ?? {}),
    body: names.fill(step.body),
  })
  const failures = check(names.fill(step.expect ?? {}), answer)
  for (const [name, source] of Object.entries(step.capture ?? {})) {
    const value = source.startsWith('header:') ? answer.headers.get(source.slice(7)) : valueAtPath(answer.body, source)
    if (value === undefined || value === null) failures.push(`nothing to keep as ${name} at ${source}`)
    else names.set(name, String(value))
  }
  return failures
}

function check(expected: Expectation, { status, headers, text, body }: Answer): string[] {
  const statuses = [expected.status ?? []].flat()
  if (statuses.length > 0 && !statuses.includes(status)) {
    return [`status ${status}, expected ${statuses.join(' or ')}: ${text.slice(0, 300)}`]
  }
  const failures = Object.entries(expected.headers ?? {}).flatMap(([name, value]) =>
    mismatches(value, headers.get(name) ?? undefined, `header ${name}`),
  )
  if (status === 204) return text === '' ? failures : [...failures, '204 with a body']

  if (expected.bodySubset !== undefined) failures.push(...mismatches(expected.bodySubset, body, 'body'))
  for (const path of expected.absent ?? []) {
    if (elementsAt(body, path).length > 0) failures.push(`${path} is there`)
  }
  for (const [path, length] of Object.entries(expected.lengths ?? {})) {
    failures.push(...mismatches(length, elementsAt(body, path).length, `length of ${path}`))
  }
  for (const { path, element } of expected.notContains ?? []) {
    const found = elementsAt(body, path).find((one) => mismatches(element, one, '').length === 0)
    if (found !== undefined) failures.push(`${path} contains ${JSON.stringify(found)}`)
  }
  return failures
}
