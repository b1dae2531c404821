import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { shown } from '../../data/shown.js'
import type { Answer } from '../../data/types.js'
import { useApp, useScope } from '../../ui/app-context.js'
import { Content, Empty, Failure, Head, Notice } from '../../ui/parts.js'
import { Time } from '../../ui/text.js'
import { useRead } from '../../ui/use-read.js'
import { Why } from '../shared/why.js'
import type { OfConnection } from './of-connection.js'

const MINUTES = 15

/** Recorded requests and answers, and the person who records. */
export function RecordingPage({ connection, reload }: OfConnection): JSX.Element {
  const { say } = useApp()
  return (
    <Why title={say('recording.title')}>
      <Head title={say('recording.title')}>{say('recording.lead')}</Head>
      <Recorder connection={connection} reload={reload} />
    </Why>
  )
}

function Recorder({ connection, reload }: OfConnection): JSX.Element {
  const { api, say, format } = useApp()
  const { path, reason } = useScope()
  const [withValues, setWithValues] = useState(false)
  const [error, setError] = useState<unknown>()
  const found = useRead<Answer<'getRecording'>>(['connections', connection.id, 'recording'])
  const state = found.data?.state
  const change = async (method: 'POST' | 'DELETE'): Promise<void> => {
    setError(undefined)
    try {
      await api.send(
        method,
        path('connections', connection.id, 'recording'),
        { minutes: MINUTES, values: withValues },
        { reason },
      )
      found.reload()
      reload()
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <div class="section stack">
      {error !== undefined && <Failure error={error} />}
      {state === undefined ? (
        <>
          <label class="check">
            <input
              type="checkbox"
              checked={withValues}
              onChange={(event) => setWithValues(event.currentTarget.checked)}
            />
            {say('recording.values')}
          </label>
          <button type="button" class="button primary" onClick={() => change('POST')}>
            {say('recording.start')}
          </button>
        </>
      ) : (
        <Notice tone="warn" title={say('recording.on', { time: format.clock(state.until) })}>
          <p>{say(state.values ? 'recording.by.values' : 'recording.by', { who: shown(state.by) })}</p>
          <div class="row">
            {/* Each look stands in the audit trail: only a person looks, never a timer. */}
            <button type="button" class="button primary" onClick={found.reload}>
              {say('recording.again')}
            </button>
            <button type="button" class="button" onClick={() => change('DELETE')}>
              {say('recording.stop')}
            </button>
          </div>
        </Notice>
      )}
      <Content of={found}>
        {({ exchanges }) =>
          exchanges.length === 0 ? (
            <Empty title={say('recording.empty')}>{say('recording.empty.text')}</Empty>
          ) : (
            <div class="section">
              {exchanges.map((exchange) => (
                <details key={exchange.id}>
                  <summary>
                    <span>
                      <Time at={exchange.time} as="clock" /> <code>{exchange.method}</code>{' '}
                      <code>{shown(exchange.path)}</code> {exchange.status}
                    </span>
                  </summary>
                  <div class="columns">
                    <Body title={say('recording.request')} value={exchange.request} />
                    <Body title={say('recording.response')} value={exchange.response} />
                  </div>
                </details>
              ))}
            </div>
          )
        }
      </Content>
    </div>
  )
}

function Body({ title, value }: { readonly title: string; readonly value: unknown }): JSX.Element {
  const { say } = useApp()
  const text = value === undefined || value === null ? say('none') : JSON.stringify(value, undefined, 2)
  return (
    <div>
      <h3>{title}</h3>
      <pre>{text.split('\n').map((line) => `${shown(line)}\n`)}</pre>
    </div>
  )
}
