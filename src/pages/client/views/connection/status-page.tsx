import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { shown } from '../../data/shown.js'
import type { Answer, Connection } from '../../data/types.js'
import { useApp, useCan, useScope } from '../../ui/app-context.js'
import { Copy } from '../../ui/copy.js'
import { Health, LastRequest } from '../../ui/health.js'
import { Content, Head, Notice, Section } from '../../ui/parts.js'
import { Name, Time } from '../../ui/text.js'
import { useRead } from '../../ui/use-read.js'
import { EntryList } from '../log/entry-list.js'
import { CloseDialog, PauseDialog } from '../shared/dialogs.js'
import type { OfConnection } from './of-connection.js'

/** The health of a connection, its latest refusals, and the facts about it. */
export function StatusPage({ connection, reload }: OfConnection): JSX.Element {
  const { say } = useApp()
  const { href } = useScope()
  const { id, name, findings, health, setup, state } = connection
  return (
    <>
      <Head title={shown(name)} actions={<Actions connection={connection} reload={reload} />} />
      <div class="health">
        <div>
          <Health health={health} state={state} />
          <p class="muted">
            {health.text}
            {health.since !== undefined && (
              <>
                {' '}
                <Since at={health.since} />
              </>
            )}
          </p>
        </div>
        {!setup.finished && state !== 'closed' && (
          <a class="button primary" href={href(['connections', id, 'setup'])}>
            {say('status.goOn')}
          </a>
        )}
      </div>
      {findings.length > 0 && (
        <div class="stack section">
          {findings.map((finding) => (
            <Notice key={finding} tone="warn">
              <p>{finding}</p>
            </Notice>
          ))}
        </div>
      )}
      {state === 'paused' && connection.paused?.reason !== undefined && (
        <div class="section">
          <Notice title={say('status.madeBy', { time: '', who: shown(connection.paused.by) }).replace(/^[, ]+/, '')}>
            <p>
              <Name>{connection.paused.reason}</Name>
            </p>
          </Notice>
        </div>
      )}
      <Refused connection={id} />
      <Facts connection={connection} />
    </>
  )
}

function Since({ at }: { readonly at: string }): JSX.Element {
  const { say, format } = useApp()
  return (
    <time dateTime={at} title={format.exact(at)}>
      {say('status.since', { time: format.moment(at) })}
    </time>
  )
}

function Refused({ connection }: { readonly connection: string }): JSX.Element {
  const { say } = useApp()
  const { href } = useScope()
  const found = useRead<Answer<'listLog'>>(['log'], { connection, status: 'failed', count: 5 })
  return (
    <Section
      title={say('status.problems')}
      actions={<a href={href(['connections', connection, 'log'], { status: 'failed' })}>{say('status.all')}</a>}
    >
      <Content of={found}>
        {({ entries }) =>
          entries.length === 0 ? (
            <p class="lead">{say('status.noProblems')}</p>
          ) : (
            <EntryList entries={entries} isShort />
          )
        }
      </Content>
    </Section>
  )
}

function Facts({ connection }: { readonly connection: Connection }): JSX.Element {
  const { say, format } = useApp()
  const { providerName, method, url, lastUsed, lastFailure, created, scopes } = connection
  return (
    <Section title={say('status.facts')}>
      <dl class="facts">
        <dt>{say('status.provider')}</dt>
        <dd>{providerName}</dd>
        <dt>{say('status.method')}</dt>
        <dd>{say(`method.${method}`)}</dd>
        <dt>{say('status.url')}</dt>
        <dd>
          <Copy value={url} label={say('status.url')} />
        </dd>
        <dt>{say('status.scopes')}</dt>
        <dd>{scopes?.join(', ') ?? say('status.scopes.all')}</dd>
        <dt>{say('status.last')}</dt>
        <dd>
          <LastRequest of={connection} />
        </dd>
        {lastFailure !== undefined && (
          <>
            <dt>{say('status.accepted')}</dt>
            <dd>{lastUsed === undefined ? say('never') : <Time at={lastUsed.at} as="ago" />}</dd>
            <dt>{say('status.failure')}</dt>
            <dd>
              <Time at={lastFailure.at} as="ago" /> <code>{lastFailure.reason}</code>
            </dd>
          </>
        )}
        <dt>{say('status.created')}</dt>
        <dd>{say('status.madeBy', { time: format.day(created.at), who: shown(created.by) })}</dd>
      </dl>
    </Section>
  )
}

function Actions({ connection, reload }: OfConnection): JSX.Element | null {
  const { api, say } = useApp()
  const { path } = useScope()
  const can = useCan()
  const [open, setOpen] = useState<'pause' | 'close' | undefined>()
  const { id, state } = connection
  if (state === 'closed') return null
  const resume = async (): Promise<void> => {
    await api.send('POST', path('connections', id, 'resume'))
    reload()
  }
  const closed = (): void => setOpen(undefined)
  return (
    <>
      {can('credentials') &&
        (state === 'paused' ? (
          <button type="button" class="button primary" onClick={resume}>
            {say('status.resume')}
          </button>
        ) : (
          <button type="button" class="button" onClick={() => setOpen('pause')}>
            {say('status.pause')}
          </button>
        ))}
      {can('close') && (
        <button type="button" class="button danger" onClick={() => setOpen('close')}>
          {say('status.close')}
        </button>
      )}
      {open === 'pause' && <PauseDialog connection={connection} onClose={closed} onDone={reload} />}
      {open === 'close' && <CloseDialog connection={connection} onClose={closed} onDone={reload} />}
    </>
  )
}
