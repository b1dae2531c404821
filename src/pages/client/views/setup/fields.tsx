import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Connection, Field, Made, MappingRow } from '../../data/types.js'
import { useApp, useCan, useScope } from '../../ui/app-context.js'
import { Copy } from '../../ui/copy.js'
import { Failure } from '../../ui/parts.js'
import { Table } from '../../ui/table.js'
import { Rich } from '../../ui/text.js'
import { RotateDialog } from '../shared/dialogs.js'

interface Props {
  readonly connection: Connection
  readonly reload: () => void
}

/** The fields on the page of the identity provider. */
export function Fields({ fields, ...more }: Props & { readonly fields: readonly Field[] }): JSX.Element {
  return (
    <dl class="paste">
      {fields.map((field) => (
        <FieldRow key={field.id} field={field} {...more} />
      ))}
    </dl>
  )
}

function FieldRow({ field, ...more }: Props & { readonly field: Field }): JSX.Element {
  return (
    <>
      <dt>{field.label}</dt>
      <dd>
        {field.secret === undefined ? <FieldValue field={field} /> : <SecretValue field={field} {...more} />}
        {field.note !== undefined && (
          <p class="hint muted small">
            <Rich text={field.note} />
          </p>
        )}
      </dd>
    </>
  )
}

function FieldValue({ field }: { readonly field: Field }): JSX.Element {
  const { say } = useApp()
  const { action, label, value } = field
  if (action === 'tick' || action === 'untick') {
    return (
      <span class={`box ${action === 'tick' ? 'on' : ''}`}>
        <i aria-hidden="true">{action === 'tick' ? '✓' : ''}</i>
        {say(action === 'tick' ? 'setup.tick' : 'setup.untick')}
      </span>
    )
  }
  if (action === 'choose') return <span class="box">{value}</span>
  // Words that only tell where a value comes from are not for the clipboard.
  if (/\s/.test(value)) return <span class="box muted">{value}</span>
  return <Copy value={value} label={label} />
}

/** A secret: shown once, when it was made; after that only when, and how it ends. */
function SecretValue({ field, connection, reload }: Props & { readonly field: Field }): JSX.Element {
  const { say, format, secrets } = useApp()
  const can = useCan()
  const { api } = useApp()
  const { path } = useScope()
  const [isMaking, setMaking] = useState(false)
  const [error, setError] = useState<unknown>()
  const secret = secrets.get(connection.id)?.[field.secret ?? 'token']
  if (secret !== undefined) {
    return (
      <>
        <Copy value={secret} label={field.label} />
        <p class="hint muted small">{say('setup.once')}</p>
      </>
    )
  }
  const last = connection.credentials.filter(({ state }) => state === 'live').at(-1)
  // The first one takes nobody's place, so nothing is to be asked.
  const make = async (): Promise<void> => {
    if (last !== undefined) return setMaking(true)
    setError(undefined)
    try {
      secrets.set(connection.id, await api.send<Made>('POST', path('connections', connection.id, 'credentials')))
      reload()
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <div class="secret stack">
      {last !== undefined && (
        <p class="muted">{say('setup.tokenMade', { time: format.moment(last.created.at), hint: last.hint ?? '' })}</p>
      )}
      {can('credentials') && (
        <button type="button" class={`button ${last === undefined ? 'primary' : ''}`} onClick={make}>
          {say(last !== undefined ? 'setup.remake' : field.secret === 'token' ? 'setup.makeToken' : 'setup.makeSecret')}
        </button>
      )}
      {error !== undefined && <Failure error={error} />}
      {isMaking && <RotateDialog connection={connection} onClose={() => setMaking(false)} onDone={reload} />}
    </div>
  )
}

/** The mapping of attributes on the page of the provider. Rows that need a hand or an eye come first. */
export function Mapping({
  rows,
  provider,
}: {
  readonly rows: readonly MappingRow[]
  readonly provider: string
}): JSX.Element {
  const { say } = useApp()
  const isKept = ({ action, note }: MappingRow): boolean => action === 'keep' && note === undefined
  const kept = rows.filter(isKept)
  return (
    <>
      <Rows rows={rows.filter((row) => !isKept(row))} provider={provider} />
      {kept.length > 0 && (
        <details>
          <summary>{say('setup.mapping.kept', { count: kept.length })}</summary>
          <div>
            <Rows rows={kept} provider={provider} />
          </div>
        </details>
      )}
    </>
  )
}

function Rows({ rows, provider }: { readonly rows: readonly MappingRow[]; readonly provider: string }): JSX.Element {
  const { say } = useApp()
  return (
    <Table
      columns={[say('setup.mapping.from', { provider }), say('setup.mapping.to'), say('setup.mapping.do')]}
      kind="mapping"
    >
      {rows.map((row) => (
        <tr key={row.id}>
          <td>{row.from !== '' && <code>{row.from}</code>}</td>
          <td>
            <code>{row.to}</code>
          </td>
          <td>
            <span class={row.action === 'keep' ? 'muted' : 'do'}>{say(`setup.mapping.${row.action}`)}</span>
            {row.note !== undefined && (
              <span class="second">
                <Rich text={row.note} />
              </span>
            )}
          </td>
        </tr>
      ))}
    </Table>
  )
}
