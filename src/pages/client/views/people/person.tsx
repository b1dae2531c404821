import type { JSX } from 'preact'
import { hasProperties } from '../../../../is-object.js'
import { shown } from '../../data/shown.js'
import type { Answer } from '../../data/types.js'
import { useApp, useScope } from '../../ui/app-context.js'
import { Content, Head, Notice, Section } from '../../ui/parts.js'
import { Table } from '../../ui/table.js'
import { useRead } from '../../ui/use-read.js'
import { EntryList } from '../log/entry-list.js'
import { HistorySection } from './history.js'
import { Active } from './people.js'

/** One person as they are stored, the attributes that are sent and not kept, their groups and their history. */
export function PersonPage({ id }: { readonly id: string }): JSX.Element {
  const { say } = useApp()
  const { href } = useScope()
  const found = useRead<Answer<'getPerson'>>(['people', id])
  return (
    <Content of={found}>
      {({ person, attributes, notKept, groups, entries }) => (
        <>
          <Head title={shown(person.name)} above={<a href={href(['people'])}>{say('people.title')}</a>}>
            <bdi>{shown(person.userName ?? say('people.noUserName'))}</bdi> · <Active is={person.active} />
          </Head>
          {notKept.length > 0 && (
            <div class="section">
              <Notice tone="warn" title={say('person.notKept')}>
                <p>{say('person.notKept.lead')}</p>
                <p>
                  {notKept.map((path) => (
                    <>
                      <code key={path}>{shown(path)}</code>{' '}
                    </>
                  ))}
                </p>
              </Notice>
            </div>
          )}
          <Section title={say('person.stored')}>
            <Stored attributes={attributes} />
          </Section>
          <Section title={say('people.groups')}>
            {groups.length === 0 ? (
              <p class="lead">{say('person.groups.none')}</p>
            ) : (
              <ul class="after">
                {groups.map((group) => (
                  <li key={group.id}>
                    <a href={href(['groups', group.id])}>
                      <bdi>{shown(group.name)}</bdi>
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <HistorySection resource={id} />
          <Section
            title={say('log.title')}
            actions={<a href={href(['log'], { resource: id })}>{say('person.logLink')}</a>}
          >
            {entries.length === 0 ? <p class="lead">{say('log.empty')}</p> : <EntryList entries={entries} isShort />}
          </Section>
        </>
      )}
    </Content>
  )
}

function Stored({ attributes }: { readonly attributes: Answer<'getPerson'>['attributes'] }): JSX.Element {
  const { say } = useApp()
  return (
    <Table columns={[say('person.attribute'), say('person.value')]} isWide kind="pairs">
      {attributes.map(({ path, value }) => (
        <tr key={path}>
          <td>
            <span class="mono muted">{shown(path)}</span>
          </td>
          <td>
            {(Array.isArray(value) ? value : [value]).map((one, index) => (
              <div key={index}>
                <bdi>{labelled(one, say)}</bdi>
              </div>
            ))}
          </td>
        </tr>
      ))}
    </Table>
  )
}

function wordsOf(value: unknown, say: (key: 'yes' | 'no') => string): string {
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no')
  if (typeof value === 'string' || typeof value === 'number') return shown(String(value))
  return shown(JSON.stringify(value) ?? '')
}

/** One of several values with its labels: `anna@example.com (work, primary)`. */
function labelled(value: unknown, say: (key: 'yes' | 'no') => string): string {
  if (!hasProperties(value)) return wordsOf(value, say)
  const { value: own, display, type, primary, $ref: _ref, ...others } = value
  const first = display ?? own
  if (first === undefined || Object.keys(others).length > 0) return wordsOf(value, say)
  const labels = [...(typeof type === 'string' ? [shown(type)] : []), ...(primary === true ? ['primary'] : [])]
  return labels.length === 0 ? wordsOf(first, say) : `${wordsOf(first, say)} (${labels.join(', ')})`
}
