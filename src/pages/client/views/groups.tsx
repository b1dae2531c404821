import type { JSX } from 'preact'
import { go, type Place } from '../data/route.js'
import { shown } from '../data/shown.js'
import type { Answer, GroupRow, Groups } from '../data/types.js'
import { useApp, useScope } from '../ui/app-context.js'
import { More } from '../ui/more.js'
import { Content, Empty, Head, Section } from '../ui/parts.js'
import { useList } from '../ui/use-list.js'
import { useRead } from '../ui/use-read.js'
import { FindBox } from './find-box.js'
import { HistoryOf, isChange, isLookOfStaff } from './history.js'
import { Why } from './why.js'

/** Groups as they are stored now. */
export function GroupsPage({ place }: { readonly place: Place }): JSX.Element {
  const { say } = useApp()
  return (
    <>
      <Head title={say('groups.title')}>{say('groups.lead')}</Head>
      <Why>
        <List search={place.query.get('search') ?? ''} />
      </Why>
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
              <div class="table-wrap">
                <table>
                  <thead>
                    <tr>
                      <th>{say('groups.name')}</th>
                      {isCounted && <th class="number">{say('groups.members')}</th>}
                    </tr>
                  </thead>
                  <tbody>
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
                  </tbody>
                </table>
              </div>
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
  return (
    <Why>
      <Whole id={id} />
    </Why>
  )
}

function Whole({ id }: { readonly id: string }): JSX.Element {
  const { say, session } = useApp()
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
          {session.has.trail && (
            <Section title={say('person.history')}>
              <HistoryOf resource={id} only={(entry) => isChange(entry) || isLookOfStaff(entry)} />
            </Section>
          )}
        </>
      )}
    </Content>
  )
}
