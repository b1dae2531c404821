import type { LoggedExchange } from '../../journal/index.js'
import type { RecordingView } from '../contract/contract.js'
import type { Call, Handlers } from '../request/call.js'
import { connectionView, recordingView } from '../views/connection.js'
import { changeOf, connectionOf } from './connections.js'

/** Recordings of a connection. The audit trail has an entry for each start of a recording and each look at one. */
export const recordingCalls: Handlers<'getRecording' | 'startRecording' | 'stopRecording'> = {
  async getRecording(call) {
    const { settings, tenant, query } = call
    const { before, count = 20 } = query
    const connection = await connectionOf(call)
    await note(call, 'looked')
    await settings.log.flush()
    const { exchanges, next } = await settings.log.exchanges({ tenant, connection: connection.id, before, count })
    return { state: recordingView(connection, settings.now()), exchanges: exchanges.map(exchangeView), next }
  },

  async startRecording(call) {
    const { settings, body } = call
    await note(call, 'recorded')
    const connection = await settings.connections.record({
      ...changeOf(call),
      for: `${body.minutes}m`,
      ...(body.values !== undefined && { values: body.values }),
    })
    return { connection: await connectionView(settings, connection) }
  },

  async stopRecording(call) {
    const connection = await call.settings.connections.stopRecording(changeOf(call))
    return { connection: await connectionView(call.settings, connection) }
  },
}

function exchangeView({ key, time, request, response }: LoggedExchange): RecordingView['exchanges'][number] {
  const { method, path, query, broken } = request
  return {
    id: key,
    time: time.toISOString(),
    method,
    path,
    query,
    status: response.status,
    request: broken ?? request.body,
    response: response.body,
  }
}

async function note(
  {
    settings,
    tenant,
    visitor,
    params,
    reason,
  }: Pick<Call<'getRecording'>, 'settings' | 'tenant' | 'visitor' | 'params' | 'reason'>,
  action: string,
): Promise<void> {
  await settings.trail?.note({
    tenant,
    actor: visitor.actor,
    action,
    via: visitor.audience === 'staff' ? 'staff pages' : 'pages',
    resourceType: 'Connection',
    ...(params.connection !== undefined && { resourceId: params.connection }),
    ...(reason !== undefined && { reason }),
  })
}
