import type { JSX } from 'preact'
import type { Answer, Connection } from '../data/types.js'
import { useApp, useCan, useScope } from '../ui/app-context.js'
import { endOf, Health, LastRequest } from '../ui/health.js'
import { Content, Empty, Head, Notice } from '../ui/parts.js'
import { Table } from '../ui/table.js'
import { Name } from '../ui/text.js'
import { useRead } from '../ui/use-read.js'

/** The connections of a tenant; the empty page is the beginning of the set-up. */
export function Connections(): JSX.Element {
  const { say } = useApp()
  const { href } = useScope()
  const can = useCan()
  const found = useRead<Answer<'listConnections'>>(['connections'])
  const add = can('credentials') && (
    <a class="button primary" href={href(['new'])}>
      {say('connections.new')}
    </a>
  )
  return (
    <>
      <Head title={say('connections.title')} actions={(found.data?.connections.length ?? 0) > 0 && add}>
        {say('connections.lead')}
      </Head>
      <Content of={found}>
        {({ connections }) =>
          connections.length === 0 ? (
            <Empty title={say('connections.empty')} actions={add}>
              {say(can('credentials') ? 'connections.empty.text' : 'connections.empty.read')}
            </Empty>
          ) : (
            <ConnectionTable connections={connections} />
          )
        }
      </Content>
    </>
  )
}

function ConnectionTable({ connections }: { readonly connections: readonly Connection[] }): JSX.Element {
  const { say } = useApp()
  return (
    <>
      <Table
        columns={[
          say('connections.name'),
          say('connections.health'),
          say('connections.last'),
          { number: say('connections.ends') },
        ]}
      >
        {connections.map((connection) => (
          <ConnectionRow key={connection.id} connection={connection} />
        ))}
      </Table>
      <div class="stack section">
        {connections.flatMap(({ id, name, findings }) =>
          findings.map((finding) => (
            <Notice key={id + finding} tone="warn" title={name}>
              <p>{finding}</p>
            </Notice>
          )),
        )}
      </div>
    </>
  )
}

export function ConnectionRow({ connection }: { readonly connection: Connection }): JSX.Element {
  const { say, format } = useApp()
  const { href } = useScope()
  const { id, name, providerName, health, setup, state } = connection
  const end = endOf(connection)
  return (
    <tr class="row-link">
      <td>
        <a href={href(['connections', id])}>
          <Name>{name}</Name>
        </a>
        {name !== providerName && <span class="second">{providerName}</span>}
      </td>
      <td>
        <Health health={health} state={state} />
        {!setup.finished && state !== 'closed' && (
          <span class="second">
            <a href={href(['connections', id, 'setup'])}>{say('status.goOn')}</a>
          </span>
        )}
      </td>
      <td data-label={say('connections.last')}>
        <LastRequest of={connection} />
      </td>
      <td class="number" data-label={say('connections.ends')}>
        {end === undefined ? say('none') : format.day(end)}
      </td>
    </tr>
  )
}
