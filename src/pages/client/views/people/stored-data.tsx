import type { JSX } from 'preact'
import type { Answer } from '../../data/types.js'
import { useApp, useCan } from '../../ui/app-context.js'
import { Content, Head, Section } from '../../ui/parts.js'
import { Table } from '../../ui/table.js'
import { useReadService } from '../../ui/use-read.js'
import { HistoryOf, isChange, isLookOfStaff } from './history.js'

/** The stored data about the customer's people with its time, and the looks at it. */
export function StoredData(): JSX.Element {
  const { say, session } = useApp()
  const can = useCan()
  const found = useReadService<Answer<'listStored'>>('stored')
  return (
    <>
      <Head title={say('data.title')}>{say('data.lead')}</Head>
      <Content of={found}>
        {({ facts, attributes }) => (
          <>
            <Facts facts={facts} />
            {attributes.map(({ type, paths }) => (
              <Section key={type} title={say('data.kept', { type })}>
                <details>
                  <summary>{say('data.attributes', { count: paths.length })}</summary>
                  <div>
                    <ul class="names">
                      {paths.map((path) => (
                        <li key={path} class="mono">
                          {path}
                        </li>
                      ))}
                    </ul>
                  </div>
                </details>
              </Section>
            ))}
          </>
        )}
      </Content>
      {session.has.trail && can('people') && (
        <>
          <Section title={say('data.looks')} lead={say('data.looks.lead')}>
            <HistoryOf only={isLookOfStaff} none="data.looks.empty" />
          </Section>
          <Section title={say('data.changes')}>
            <HistoryOf only={isChange} />
          </Section>
        </>
      )}
    </>
  )
}

function Facts({ facts }: { readonly facts: Answer<'listStored'>['facts'] }): JSX.Element {
  const { say } = useApp()
  return (
    <Table columns={[say('data.what'), say('data.where'), say('data.whose'), say('data.long'), say('data.deleted')]}>
      {facts.map(({ what, where, whose, kept, deleted }) => (
        <tr key={what}>
          <td>{what}</td>
          <td data-label={say('data.where')}>{where}</td>
          <td data-label={say('data.whose')}>{whose}</td>
          <td data-label={say('data.long')}>{kept}</td>
          <td data-label={say('data.deleted')}>{deleted}</td>
        </tr>
      ))}
    </Table>
  )
}
