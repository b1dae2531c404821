import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { shown } from '../../data/shown.js'
import type { Answer, Credential } from '../../data/types.js'
import { isTextKey } from '../../texts/index.js'
import { useApp, useCan } from '../../ui/app-context.js'
import { Copy } from '../../ui/copy.js'
import { Empty, Head, Notice, Section, Status, type Tone } from '../../ui/parts.js'
import { Table } from '../../ui/table.js'
import { Rich, Time } from '../../ui/text.js'
import { useReadService } from '../../ui/use-read.js'
import { RevokeDialog, RotateDialog } from '../shared/dialogs.js'
import type { OfConnection } from './of-connection.js'

/** The credentials of the identity provider. */
export function CredentialsPage({ connection, reload }: OfConnection): JSX.Element {
  const { say, secrets } = useApp()
  const can = useCan()
  const [isRotating, setRotating] = useState(false)
  const made = secrets.get(connection.id)
  const { credentials, method, state } = connection
  const mayMake = can('credentials') && state !== 'closed' && method !== 'federated'
  const isEmpty = credentials.length === 0
  const make = mayMake && (
    <button type="button" class="button primary" onClick={() => setRotating(true)}>
      {say(isEmpty ? 'credentials.make' : 'credentials.rotate')}
    </button>
  )
  return (
    <>
      <Head title={say('credentials.title')} actions={!isEmpty && make}>
        {say('credentials.lead')}
      </Head>
      {made !== undefined && (made.token ?? made.clientSecret) !== undefined && (
        <div class="section">
          <Notice tone="good" title={say('credentials.new')}>
            <p>{say('credentials.once', { provider: connection.providerName })}</p>
            <dl class="paste">
              {made.clientId !== undefined && <Pasted label={say('credentials.clientId')} value={made.clientId} />}
              {made.clientSecret !== undefined && (
                <Pasted label={say('credentials.clientSecret')} value={made.clientSecret} />
              )}
              {made.token !== undefined && <Pasted label={say('credentials.token')} value={made.token} />}
            </dl>
          </Notice>
        </div>
      )}
      {isEmpty ? (
        <Empty title={say('credentials.empty')} actions={make}>
          {say('credentials.empty.text')}
        </Empty>
      ) : (
        <CredentialTable connection={connection} reload={reload} />
      )}
      <Replacing provider={connection.provider} name={connection.providerName} />
      {isRotating && <RotateDialog connection={connection} onClose={() => setRotating(false)} onDone={reload} />}
    </>
  )
}

function Pasted({ label, value }: { readonly label: string; readonly value: string }): JSX.Element {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <Copy value={value} label={label} />
      </dd>
    </>
  )
}

function CredentialTable({ connection, reload }: OfConnection): JSX.Element {
  const { say } = useApp()
  const can = useCan()
  const [revoking, setRevoking] = useState<Credential | undefined>()
  const mayRevoke = can('credentials')
  return (
    <>
      <Table
        columns={[
          say('credentials.which'),
          say('credentials.state'),
          say('credentials.used'),
          say('credentials.made'),
          say('credentials.ends'),
          mayRevoke && { hidden: say('credentials.revoke') },
        ]}
      >
        {connection.credentials.map((credential) => (
          <tr key={credential.id}>
            <td>
              {credential.hint === undefined ? say(`method.${connection.method}`) : <code>…{credential.hint}</code>}
            </td>
            <td>
              <State credential={credential} />
            </td>
            <td data-label={say('credentials.used')}>
              {credential.lastUsed === undefined ? (
                say('credentials.unused')
              ) : (
                <Time at={credential.lastUsed} as="ago" />
              )}
            </td>
            <td data-label={say('credentials.made')}>
              <Time at={credential.created.at} as="day" />
              <span class="second">
                <bdi>{shown(credential.created.by)}</bdi>
              </span>
            </td>
            <td data-label={say('credentials.ends')}>
              <End credential={credential} />
            </td>
            {mayRevoke && (
              <td class="number">
                {['live', 'ending'].includes(credential.state) && (
                  <button type="button" class="button plain danger" onClick={() => setRevoking(credential)}>
                    {say('credentials.revoke')}
                  </button>
                )}
              </td>
            )}
          </tr>
        ))}
      </Table>
      {revoking !== undefined && (
        <RevokeDialog
          connection={connection}
          credential={revoking}
          onClose={() => setRevoking(undefined)}
          onDone={reload}
        />
      )}
    </>
  )
}

const TONES: Readonly<Record<string, Tone>> = { live: 'good', ending: 'warn' }

function State({ credential }: { readonly credential: Credential }): JSX.Element {
  const { say } = useApp()
  const key = `credentials.state.${credential.state}`
  return <Status tone={TONES[credential.state] ?? 'none'}>{isTextKey(key) ? say(key) : credential.state}</Status>
}

function End({ credential }: { readonly credential: Credential }): JSX.Element {
  const { say } = useApp()
  const { ends, expires, revoked, state } = credential
  if (revoked !== undefined) return <Time at={revoked.at} as="day" />
  if (ends !== undefined) return <Time at={ends} as="day" />
  if (state === 'ending') return <>{say('credentials.endsAfter')}</>
  if (expires === undefined) return <>{say('credentials.noEnd')}</>
  return <Time at={expires} as="day" />
}

function Replacing({ provider, name }: { readonly provider: string; readonly name: string }): JSX.Element | null {
  const { say } = useApp()
  const found = useReadService<Answer<'listGuides'>>('guides')
  const guide = found.data?.guides.find(({ id }) => id === provider)
  if (guide === undefined) return null
  return (
    <Section title={say('credentials.rotation', { provider: name })}>
      <p class="lead">
        <Rich text={guide.rotation} />
      </p>
    </Section>
  )
}
