import type { JSX } from 'preact'
import type { Answer } from '../../data/types.js'
import { useApp } from '../../ui/app-context.js'
import { Content, Head, Section } from '../../ui/parts.js'
import { Table } from '../../ui/table.js'
import { Rich } from '../../ui/text.js'
import { useReadService } from '../../ui/use-read.js'

/** How the service is set up, as describe() tells it. */
export function ServicePage(): JSX.Element {
  const { say } = useApp()
  const found = useReadService<Answer<'getService'>>('service')
  return (
    <>
      <Head title={say('staff.describe.title')}>{say('staff.describe.lead')}</Head>
      <Content of={found}>{(service) => <Whole service={service} />}</Content>
    </>
  )
}

function Whole({ service }: { readonly service: Answer<'getService'> }): JSX.Element {
  const { say, format } = useApp()
  return (
    <>
      <dl class="facts section">
        <dt>{say('status.url')}</dt>
        <dd class="mono">{service.url}</dd>
        <dt>{say('staff.describe.tolerances')}</dt>
        <dd class="mono">{service.tolerances.join(', ') || say('none')}</dd>
        <dt>{say('staff.describe.dropped')}</dt>
        <dd>{format.number(service.dropped)}</dd>
        {Object.entries(service.keys).map(([key, count]) => (
          <>
            <dt key={key}>{say('staff.describe.key', { key })}</dt>
            <dd>{format.number(count)}</dd>
          </>
        ))}
      </dl>
      <Section title={say('staff.describe.types')}>
        <Table
          columns={[
            say('staff.describe.type'),
            say('staff.describe.endpoint'),
            say('staff.describe.schemas'),
            say('staff.describe.versions'),
          ]}
        >
          {service.resourceTypes.map(({ name, endpoint, schemas, versions }) => (
            <tr key={name}>
              <td>{name}</td>
              <td class="mono">{endpoint}</td>
              <td class="mono">
                {schemas.map((schema) => (
                  <div key={schema}>{schema}</div>
                ))}
              </td>
              <td data-label={say('staff.describe.versions')}>{say(versions ? 'yes' : 'no')}</td>
            </tr>
          ))}
        </Table>
      </Section>
      <Section title={say('staff.describe.limits')}>
        <Table
          columns={[
            say('staff.describe.limit'),
            { number: say('staff.describe.atMost') },
            say('staff.describe.unit'),
            say('staff.describe.bounds'),
          ]}
        >
          {service.limits.map(({ name, value, unit, description }) => (
            <tr key={name}>
              <td class="mono">{name}</td>
              <td class="number" data-label={say('staff.describe.atMost')}>
                {format.number(value)}
              </td>
              <td data-label={say('staff.describe.unit')}>{unit}</td>
              <td>
                <Rich text={description} />
              </td>
            </tr>
          ))}
        </Table>
      </Section>
    </>
  )
}
