import type { ComponentChildren, JSX } from 'preact'
import { shown } from '../../data/shown.js'
import type { Entry } from '../../data/types.js'
import { useApp, useCan, useScope } from '../../ui/app-context.js'

/** All that is known of one request. */
export function EntryFacts({ entry }: { readonly entry: Entry }): JSX.Element {
  const { say, format } = useApp()
  const { code, attribute, scimType, refusal, changes = [], members, tolerances, userAgent, bulk } = entry
  const reason = [refusal, code, scimType].filter((word) => word !== undefined && word !== '')
  return (
    <dl class="facts">
      <Fact label={say('log.time')}>{format.exact(entry.time)}</Fact>
      <Fact label={say('log.request')}>
        <code>
          {entry.method} {shown(entry.path)}
          {entry.query === undefined ? '' : `?${shown(entry.query)}`}
        </code>
      </Fact>
      <Fact label={say('log.answer')}>
        {entry.status}, {say('log.took', { ms: entry.ms })}
      </Fact>
      {reason.length > 0 && (
        <Fact label={say('log.code')}>
          <code>{[...new Set(reason)].join(', ')}</code>
        </Fact>
      )}
      {attribute !== undefined && (
        <Fact label={say('log.attribute')}>
          <code>{shown(attribute)}</code>
        </Fact>
      )}
      {changes.length > 0 && (
        <Fact label={say('log.changes')}>
          <code>{changes.map(shown).join(', ')}</code>
        </Fact>
      )}
      {members !== undefined && members.added + members.removed > 0 && (
        <Fact label={say('groups.members')}>{say('log.members', members)}</Fact>
      )}
      {tolerances.length > 0 && (
        <Fact label={say('log.tolerances')}>
          <code>{tolerances.join(', ')}</code>
        </Fact>
      )}
      <Resource entry={entry} />
      {bulk !== undefined && bulk.length > 0 && (
        <Fact label={say('log.bulk')}>
          {bulk.map((operation, index) => (
            <div key={index} class="mono">
              {operation.status} {operation.method} {operation.resourceType} {operation.code} {operation.attribute}
            </div>
          ))}
        </Fact>
      )}
      {userAgent !== undefined && <Fact label={say('log.userAgent')}>{shown(userAgent)}</Fact>}
      <Fact label={say('log.id')}>
        <code>{entry.id}</code>
      </Fact>
    </dl>
  )
}

function Resource({ entry }: { readonly entry: Entry }): JSX.Element | null {
  const { say } = useApp()
  const { href } = useScope()
  const can = useCan()
  const { resourceId, resourceType } = entry
  if (resourceId === undefined) return null
  const page = resourceType === 'User' ? 'people' : resourceType === 'Group' ? 'groups' : undefined
  return (
    <Fact label={resourceType ?? say('log.resource')}>
      {page !== undefined && can('people') ? (
        <a class="mono" href={href([page, resourceId])}>
          {shown(resourceId)}
        </a>
      ) : (
        <code>{shown(resourceId)}</code>
      )}
    </Fact>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  )
}
