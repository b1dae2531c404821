import { type Identity, ScimError } from '../../index.js'
import { propertiesOf } from '../../is-object.js'

/** The rule of a connection in its test: only resources that are one of the test people are written. */
export function onlyTestPeople(people: readonly string[]): NonNullable<Identity['validate']> {
  const names = new Set(people.map(folded))
  return async ({ action, before, after }) => {
    // A test person may get another name in the test. No other person may get the name of a test person.
    const resource = action === 'create' ? await after() : await before()
    if (namesOf(resource).some((name) => names.has(folded(name)))) return
    throw ScimError.forbidden('The connection is in its test, and the resource is none of its test people.', {
      code: 'testing',
    })
  }
}

/** The names by which a person may sign in. */
function namesOf(resource: object | undefined): readonly string[] {
  const { userName, emails } = propertiesOf(resource)
  const addresses = Array.isArray(emails) ? emails.map((email) => propertiesOf(email).value) : []
  return [userName, ...addresses].filter((name) => typeof name === 'string')
}

function folded(name: string): string {
  return name.trim().toLowerCase()
}
