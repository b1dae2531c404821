import type { JSX } from 'preact'
import { shown } from '../../data/shown.js'
import type { Answer, TenantRow } from '../../data/types.js'
import { scopeOf, useApp } from '../../ui/app-context.js'
import { Health, LastRequest } from '../../ui/health.js'
import { Content, Empty, Head } from '../../ui/parts.js'
import { Table } from '../../ui/table.js'
import { useReadService } from '../../ui/use-read.js'

/** All customers and their connections, those with trouble first. */
export function Tenants(): JSX.Element {
  const { say } = useApp()
  const found = useReadService<Answer<'listTenants'>>('tenants')
  return (
    <>
      <Head title={say('staff.tenants.title')}>{say('staff.tenants.lead')}</Head>
      <Content of={found}>
        {({ tenants }) =>
          tenants.length === 0 ? <Empty title={say('staff.empty')} /> : <TenantTable tenants={tenants} />
        }
      </Content>
    </>
  )
}

function TenantTable({ tenants }: { readonly tenants: readonly TenantRow[] }): JSX.Element {
  const { say } = useApp()
  return (
    <Table
      columns={[
        say('staff.tenant'),
        say('connections.name'),
        say('connections.health'),
        { number: say('connections.last') },
      ]}
    >
      {tenants.flatMap(({ tenant, connections }) =>
        connections.map((connection, index) => (
          <tr key={connection.id} class={index < connections.length - 1 ? 'row-link joined' : 'row-link'}>
            <td>
              {index === 0 && (
                <a href={scopeOf(tenant).href([])}>
                  <bdi>{shown(tenant)}</bdi>
                </a>
              )}
            </td>
            <td>
              <a href={scopeOf(tenant).href(['connections', connection.id])}>
                <bdi>{shown(connection.name)}</bdi>
              </a>
              {connection.name !== connection.providerName && <span class="second">{connection.providerName}</span>}
            </td>
            <td>
              <Health health={connection.health} state={connection.state} />
            </td>
            <td class="number" data-label={say('connections.last')}>
              <LastRequest of={connection} />
            </td>
          </tr>
        )),
      )}
    </Table>
  )
}
