import type { JSX } from 'preact'
import { go, type PageAddress } from '../../data/route.js'
import { shown } from '../../data/shown.js'
import type { People, PersonRow } from '../../data/types.js'
import { useApp, useScope } from '../../ui/app-context.js'
import { More } from '../../ui/more.js'
import { Content, Empty, Head, Status } from '../../ui/parts.js'
import { Table } from '../../ui/table.js'
import { Time } from '../../ui/text.js'
import { useList } from '../../ui/use-list.js'
import { FindBox } from '../shared/find-box.js'

/** People as they are stored now. */
export function PeoplePage({ address }: { readonly address: PageAddress }): JSX.Element {
  const { say } = useApp()
  return (
    <>
      <Head title={say('people.title')}>{say('people.lead')}</Head>
      <List search={address.query.get('search') ?? ''} />
    </>
  )
}

function List({ search }: { readonly search: string }): JSX.Element {
  const { say } = useApp()
  const { href } = useScope()
  const list = useList<People, PersonRow>(
    ['people'],
    { search },
    {
      items: ({ people }) => people,
      next: ({ next }) => (next === undefined ? undefined : { next }),
    },
  )
  return (
    <>
      <FindBox label={say('people.find')} value={search} onFind={(text) => go(href(['people'], { search: text }))} />
      <Content of={list.first}>
        {({ total }) =>
          list.items.length === 0 ? (
            <Nobody search={search} />
          ) : (
            <>
              {total !== undefined && <p class="muted small">{say('people.total', { count: total })}</p>}
              <PeopleTable people={list.items} />
              <More list={list} />
            </>
          )
        }
      </Content>
    </>
  )
}

function Nobody({ search }: { readonly search: string }): JSX.Element {
  const { say } = useApp()
  const { href } = useScope()
  if (search === '') return <Empty title={say('people.empty')}>{say('people.empty.text')}</Empty>
  return (
    <Empty
      title={say('people.none')}
      actions={
        <a class="button" href={href(['log'], { person: search })}>
          {say('people.inLog')}
        </a>
      }
    >
      {say('people.none.text')}
    </Empty>
  )
}

function PeopleTable({ people }: { readonly people: readonly PersonRow[] }): JSX.Element {
  const { say } = useApp()
  const { href } = useScope()
  // A product that keeps no `meta.lastModified` has no such column.
  const hasTimes = people.some(({ changed }) => changed !== undefined)
  return (
    <Table
      columns={[
        say('people.name'),
        say('people.userName'),
        say('people.active'),
        hasTimes && { number: say('people.changed') },
      ]}
    >
      {people.map(({ id, name, userName, active, changed }) => (
        <tr key={id} class="row-link">
          <td>
            <a href={href(['people', id])}>
              <bdi>{shown(name)}</bdi>
            </a>
          </td>
          <td>
            <bdi>{shown(userName ?? '')}</bdi>
          </td>
          <td>
            <Active is={active} />
          </td>
          {hasTimes && (
            <td class="number muted" data-label={say('people.changed')}>
              {changed !== undefined && <Time at={changed} as="day" />}
            </td>
          )}
        </tr>
      ))}
    </Table>
  )
}

export function Active({ is }: { readonly is: boolean }): JSX.Element {
  const { say } = useApp()
  return <Status tone={is ? 'good' : 'open'}>{say(is ? 'people.isActive' : 'people.isInactive')}</Status>
}
