import type { JSX } from 'preact'
import { shown } from '../../data/shown.js'
import type { History, HistoryEntry } from '../../data/types.js'
import { isTextKey, type TextKey } from '../../texts/index.js'
import { useApp, useCan, useScope } from '../../ui/app-context.js'
import { More } from '../../ui/more.js'
import { Content, Section } from '../../ui/parts.js'
import { Table } from '../../ui/table.js'
import { Time } from '../../ui/text.js'
import { useList } from '../../ui/use-list.js'

/** Changes and looks with their actors: of one person or group, or of all. */
export function HistoryOf({
  resource,
  only,
  none = 'person.history.empty',
}: {
  readonly resource?: string
  readonly only: (entry: HistoryEntry) => boolean
  readonly none?: TextKey
}): JSX.Element {
  const { say } = useApp()
  const list = useList<History, HistoryEntry>(
    ['history'],
    { resource },
    {
      items: ({ entries }) => entries.filter(only),
      next: ({ next }) => (next === undefined ? undefined : { before: next }),
    },
  )
  return (
    <Content of={list.first}>
      {() =>
        list.items.length === 0 && !list.hasMore ? (
          <p class="lead">{say(none)}</p>
        ) : (
          <>
            <Table columns={[say('log.time'), say('history.what'), say('history.who')]}>
              {list.items.map((entry) => (
                <Row key={entry.number} entry={entry} isOfAll={resource === undefined} />
              ))}
            </Table>
            <More list={list} />
          </>
        )
      }
    </Content>
  )
}

/** The changes of one person or group, and the looks of staff. */
export function HistorySection({ resource }: { readonly resource: string }): JSX.Element | null {
  const { say, session } = useApp()
  if (!session.has.trail) return null
  return (
    <Section title={say('person.history')}>
      <HistoryOf resource={resource} only={(entry) => isChange(entry) || isLookOfStaff(entry)} />
    </Section>
  )
}

/** A look of staff, which has a reason. */
export function isLookOfStaff({ action, reason }: HistoryEntry): boolean {
  return ['looked', 'recorded'].includes(action) && reason !== undefined
}

export function isChange({ action }: HistoryEntry): boolean {
  return action !== 'looked'
}

function Row({ entry, isOfAll }: { readonly entry: HistoryEntry; readonly isOfAll: boolean }): JSX.Element {
  const { say } = useApp()
  const { action, attributes, members, reason, actor, actorName } = entry
  const key = `history.${action}`
  return (
    <tr>
      <td class="tight muted">
        <Time at={entry.time} />
      </td>
      <td>
        {isTextKey(key) ? say(key) : shown(action)}
        {isOfAll && <Resource of={entry} />}
        {attributes.length > 0 && <span class="second mono">{attributes.map(shown).join(', ')}</span>}
        {members !== undefined && members.added.length + members.removed.length > 0 && (
          <span class="second">
            {say('log.members', { added: members.added.length, removed: members.removed.length })}
          </span>
        )}
        {reason !== undefined && (
          <span class="second">
            <bdi>{shown(reason)}</bdi>
          </span>
        )}
      </td>
      <td>
        <bdi>{shown(actorName ?? actor ?? say('history.erased'))}</bdi>
      </td>
    </tr>
  )
}

/** The person or group that an entry is about, by its id: the trail keeps no names. */
function Resource({ of }: { readonly of: HistoryEntry }): JSX.Element | null {
  const { href } = useScope()
  const can = useCan()
  const { action, resourceType, resourceId } = of
  if (resourceId === undefined) return null
  const isThere = can('people') && resourceType !== undefined && !action.endsWith('.deleted')
  const page = resourceType === 'Group' ? 'groups' : 'people'
  return (
    <span class="second mono">
      {isThere ? <a href={href([page, resourceId])}>{shown(resourceId)}</a> : shown(resourceId)}
    </span>
  )
}
