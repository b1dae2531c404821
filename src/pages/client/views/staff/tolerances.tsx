import type { JSX } from 'preact'
import type { Answer } from '../../data/types.js'
import { useApp } from '../../ui/app-context.js'
import { Content, Empty, Head } from '../../ui/parts.js'
import { Table } from '../../ui/table.js'
import { Time } from '../../ui/text.js'
import { useRead } from '../../ui/use-read.js'

/** The tolerances that requests needed, and how often. */
export function TolerancesPage(): JSX.Element {
  const { say, format } = useApp()
  const found = useRead<Answer<'listTolerances'>>(['tolerances'])
  return (
    <>
      <Head title={say('staff.tolerances.title')}>{say('staff.tolerances.lead')}</Head>
      <Content of={found}>
        {({ tolerances }) =>
          tolerances.length === 0 ? (
            <Empty title={say('staff.tolerances.empty')} />
          ) : (
            <Table
              columns={[
                say('staff.tolerances.name'),
                say('log.attribute'),
                { number: say('staff.tolerances.times') },
                { number: say('staff.tolerances.last') },
              ]}
            >
              {tolerances.map(({ name, attributes, times, last }) => (
                <tr key={name}>
                  <td>
                    <code>{name}</code>
                  </td>
                  <td class="mono">{attributes.join(', ')}</td>
                  <td class="number" data-label={say('staff.tolerances.times')}>
                    {format.number(times)}
                  </td>
                  <td class="number" data-label={say('staff.tolerances.last')}>
                    <Time at={last} />
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Content>
    </>
  )
}
