import { type Fault, withParts, wrapped } from './fault.js'

export const IDENTIFIERS: readonly Fault[] = [
  withParts(
    'takes an id for a number',
    {
      newId: counter(),
      find: (rows, id) => [...rows.values()].find((row) => Number(row.id) === Number(id)),
    },
    'ids are compared letter by letter',
    /get gave the resource "\d+" for the id " \d+" \(node_modules\/express-scim\/docs\/adapters\.md#missing\)/,
  ),
  wrapped(
    'fails for an id of another shape',
    (sound) => ({
      get: (id, call) => {
        if (!/^[0-9a-f-]{36}$/i.test(id)) throw new Error(`invalid input syntax for type uuid: "${id}"`)
        return sound.get(id, call)
      },
    }),
    'ids that no resource has are missing, whatever their shape',
    /User\.get threw "invalid input syntax for type uuid: .*#missing/,
  ),
  withParts(
    'gives ids again',
    { newId: smallestFree(), remove: (rows, id) => rows.delete(id) && free(id) },
    'create gives each resource a new id that is never used again',
    /gave the id of a deleted resource to a new one/,
  ),
  withParts(
    'answers true to every delete',
    { find: (rows, id) => rows.get(id), remove: () => true },
    'a deleted resource does not exist for any callback',
    /get still finds a deleted resource/,
  ),
  wrapped(
    'answers true to the delete of what is not there',
    (sound) => ({ delete: async (id, call) => (await sound.delete(id, call)) || true }),
    'ids that no resource has are missing, whatever their shape',
    /delete gave true for the id/,
  ),
]

function counter(): () => string {
  let last = 0
  return () => {
    last += 1
    return String(last)
  }
}

const freed: string[] = []

function free(id: string): true {
  freed.push(id)
  return true
}

function smallestFree(): () => string {
  const next = counter()
  return () => freed.pop() ?? `row-${next()}`
}
