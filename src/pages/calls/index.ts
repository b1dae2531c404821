import type { RouteName } from '../contract/contract.js'
import type { Handlers } from '../request/call.js'
import { connectionCalls } from './connections.js'
import { historyCalls } from './history.js'
import { logCalls } from './log.js'
import { peopleCalls } from './people.js'
import { recordingCalls } from './recording.js'
import { sessionCalls } from './session.js'
import { setupCalls } from './setup.js'
import { staffCalls } from './staff.js'
import { testCalls } from './test.js'

/** The functions that answer the routes. */
export const calls = {
  ...sessionCalls,
  ...connectionCalls,
  ...setupCalls,
  ...logCalls,
  ...peopleCalls,
  ...historyCalls,
  ...recordingCalls,
  ...testCalls,
  ...staffCalls,
} satisfies Handlers<RouteName>
