import type { JSX } from 'preact'
import type { PageAddress } from '../../data/route.js'
import type { Answer, Connection } from '../../data/types.js'
import { useWhileSeen } from '../../data/use-data.js'
import type { TextKey } from '../../texts/index.js'
import { useApp, useCan, useScope } from '../../ui/app-context.js'
import { Content } from '../../ui/parts.js'
import { useRead } from '../../ui/use-read.js'
import { LogPage } from '../log/log-page.js'
import { SetupPage } from '../setup/setup-page.js'
import { CredentialsPage } from './credentials-page.js'
import { RecordingPage } from './recording-page.js'
import { StatusPage } from './status-page.js'

const SLOW = 15_000

/** One connection: its pages stand beside each other. */
export function ConnectionPage({
  id,
  part = '',
  address,
}: {
  readonly id: string
  readonly part: string | undefined
  readonly address: PageAddress
}): JSX.Element {
  const found = useRead<Answer<'getConnection'>>(['connections', id])
  useWhileSeen(found.reload, SLOW, part === '')
  return (
    <Content of={found}>
      {({ connection }) => (
        <>
          <Frame connection={connection} part={part} />
          <Part connection={connection} part={part} address={address} reload={found.reload} />
        </>
      )}
    </Content>
  )
}

function Part({
  connection,
  part,
  address,
  reload,
}: {
  readonly connection: Connection
  readonly part: string
  readonly address: PageAddress
  readonly reload: () => void
}): JSX.Element {
  if (part === 'setup') return <SetupPage id={connection.id} />
  if (part === 'credentials') return <CredentialsPage connection={connection} reload={reload} />
  if (part === 'log') return <LogPage address={address} connection={connection.id} />
  if (part === 'recording') return <RecordingPage connection={connection} reload={reload} />
  return <StatusPage connection={connection} reload={reload} />
}

function Frame({ connection, part }: { readonly connection: Connection; readonly part: string }): JSX.Element {
  const { say, session } = useApp()
  const { href } = useScope()
  const can = useCan()
  const links: readonly (readonly [string, TextKey])[] = [
    ['', 'nav.overview'],
    ...(connection.state === 'closed' ? [] : ([['setup', 'nav.setup']] as const)),
    ['credentials', 'nav.credentials'],
    ['log', 'nav.log'],
    ...(can('record') && session.has.recording ? ([['recording', 'nav.recording']] as const) : []),
  ]
  return (
    <div class="frame">
      <p class="crumbs">
        <a href={href([])}>{say('nav.connections')}</a> › <bdi>{connection.name}</bdi>
      </p>
      <nav class="tabs subtabs" aria-label={say('nav.connection')}>
        {links.map(([path, key]) => (
          <a
            key={path}
            href={href(['connections', connection.id, ...(path === '' ? [] : [path])])}
            aria-current={part === path ? 'page' : undefined}
          >
            {say(key)}
          </a>
        ))}
      </nav>
    </div>
  )
}
