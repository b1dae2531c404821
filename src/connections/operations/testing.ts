import { SetupError } from '../../index.js'
import type { Core } from '../core/core.js'
import { stateOf } from '../store/record.js'
import { type ConnectionChange, changeConnection, shown } from './place.js'
import type { Connection } from './view.js'

const MOST_PEOPLE = 5
const MOST_CHARACTERS = 256

/** Accepts writes of named people only: reads pass, other writes are refused and store nothing. */
export async function startTest(
  core: Core,
  { people, ...change }: ConnectionChange & { readonly people: readonly string[] },
): Promise<Connection> {
  const named = checkPeople(people)
  const row = await changeConnection(
    core,
    'startTest',
    change,
    (row, deed) => ({
      ...row,
      state: row.state === 'paused' ? row.state : 'testing',
      testing: { ...deed, people: named },
    }),
    [{ name: 'connection.testStarted' }],
  )
  return shown(core, row)
}

/** Lets everybody through again. The names of the test people are forgotten. */
export async function endTest(core: Core, change: ConnectionChange): Promise<Connection> {
  const row = await changeConnection(
    core,
    'endTest',
    change,
    ({ testing: _testing, ...row }) => ({ ...row, state: row.state === 'paused' ? row.state : stateOf(row) }),
    [{ name: 'connection.testEnded' }],
  )
  return shown(core, row)
}

function checkPeople(people: unknown): readonly string[] {
  const isFit =
    Array.isArray(people) &&
    people.length > 0 &&
    people.length <= MOST_PEOPLE &&
    people.every((name) => typeof name === 'string' && name.trim() !== '' && name.length <= MOST_CHARACTERS)
  if (isFit) return [...people]
  throw new SetupError(
    'ERR_SCIM_OPTION',
    `Option people of connections.startTest must be a list of 1 to ${MOST_PEOPLE} user names or e-mail addresses.`,
  )
}
