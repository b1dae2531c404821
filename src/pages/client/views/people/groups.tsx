import type { JSX } from 'preact'
import { go, type PageAddress } from '../../data/route.js'
import { shown } from '../../data/shown.js'
import type { Answer, GroupRow, Groups } from '../../data/types.js'
import { useApp, useScope } from '../../ui/app-context.js'
import { More } from '../../ui/more.js'
import { Content, Empty, Head, Section } from '../../ui/parts.js'
import { Table } from '../../ui/table.js'
import { useList } from '../../ui/use-list.js'
import { useRead } from '../../ui/use-read.js'
import { FindBox } from '../shared/find-box.js'
import { HistorySection } from './history.js'

/** Groups as they are stored now. */
export function GroupsPage({ address }: { readonly address: PageAddress }): JSX.Element {
  const { say } = useApp()
  return (
    <>
      <Head title={say('groups.title')}>{say('groups.lead')}</Head>
      <List search={address.query.get('search') ?? ''} />
    </>
  )
}

function List({ search }: { readonly search: string }): JSX.Element {
  const { say, format } = useApp()
  const { href } = useScope()
  const list = useList<Groups, GroupRow>(
    ['groups'],
    { search },
    {
      items: ({ groups }) => groups,
      next: ({ next }) => (next === undefined ? undefined : { next }),
    },
  )
  // A store need not tell how many there are.
  const isCounted = list.items.some(({ members }) => members !== undefined)
  return (
    <>
      <FindBox label={say('groups.find')} value={search} onFind={(text) => go(href(['groups'], { search: text }))} />
      <Content of={list.first}>
        {() =>
          list.items.length === 0 ? (
            <Empty title={say(search === '' ? 'groups.empty' : 'people.none')}>
              {search === '' ? say('groups.empty.text') : undefined}
            </Empty>
          ) : (
            <>
              <Table columns={[say('groups.name'), isCounted && { number: say('groups.members') }]} isWide>
                {list.items.map(({ id, name, members }) => (
                  <tr key={id} class="row-link">
                    <td>
                      <a href={href(['groups', id])}>
                        <bdi>{shown(name)}</bdi>
                      </a>
                    </td>
                    {isCounted && <td class="number">{members === undefined ? '' : format.number(members)}</td>}
                  </tr>
                ))}
              </Table>
              <More list={list} />
            </>
          )
        }
      </Content>
    </>
  )
}

/** One group and its members. */
export function GroupPage({ id }: { readonly id: string }): JSX.Element {
  const { say } = useApp()
  const { href } = useScope()
  const found = useRead<Answer<'getGroup'>>(['groups', id])
  return (
    <Content of={found}>
      {({ group, members, more }) => (
        <>
          <Head title={shown(group.name)} above={<a href={href(['groups'])}>{say('groups.title')}</a>} />
          <Section title={say('groups.members')}>
            {members.length === 0 ? (
              <p class="lead">{say('groups.noMembers')}</p>
            ) : (
              <ul class="names">
                {members.map((member) => (
                  <li key={member.id}>
                    <a href={href([member.type === 'Group' ? 'groups' : 'people', member.id])}>
                      <bdi>{shown(member.name)}</bdi>
                    </a>
                  </li>
                ))}
              </ul>
            )}
            {more > 0 && <p class="muted after">{say('groups.more', { count: more })}</p>}
          </Section>
          <HistorySection resource={id} />
        </>
      )}
    </Content>
  )
}
