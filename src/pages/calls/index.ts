import type { Handlers } from '../call.js'
import type { RouteName } from '../contract.js'
import { sessionCalls } from './session.js'

/** What answers the routes. */
export const calls = { ...sessionCalls } satisfies Partial<Handlers<RouteName>>
