import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { go, type PageAddress } from '../../data/route.js'
import type { Answer, Entry, LogView } from '../../data/types.js'
import { useWhileSeen } from '../../data/use-data.js'
import { useApp, useScope } from '../../ui/app-context.js'
import { More } from '../../ui/more.js'
import { Content, Empty, Head } from '../../ui/parts.js'
import { useList } from '../../ui/use-list.js'
import { useRead } from '../../ui/use-read.js'
import { FindBox } from '../shared/find-box.js'
import { EntryList } from './entry-list.js'

const OFTEN = 2_000

/** The conditions of the reader. */
interface Filter {
  readonly connection?: string | undefined
  readonly status?: string | undefined
  readonly person?: string | undefined
  readonly resource?: string | undefined
}

/** The requests with their answers and the reasons for them; of one connection or of all. */
export function LogPage({
  address,
  connection,
}: {
  readonly address: PageAddress
  readonly connection?: string
}): JSX.Element {
  const { say } = useApp()
  const given = address.query
  const filter: Filter = {
    connection: connection ?? given.get('connection') ?? undefined,
    status: given.get('status') ?? undefined,
    person: given.get('person') ?? undefined,
    resource: given.get('resource') ?? undefined,
  }
  const isFiltered = Object.entries(filter).some(
    ([name, value]) => value !== undefined && !(name === 'connection' && connection),
  )
  const list = useList<LogView, Entry>(
    ['log'],
    { ...filter },
    {
      items: ofClients,
      next: ({ next }) => (next === undefined ? undefined : { before: next }),
    },
  )
  const later = useLater(filter, list.first.data)
  return (
    <>
      <Head title={say('log.title')}>{say('log.lead')}</Head>
      <Filters filter={filter} isOfOne={connection !== undefined} />
      <Content of={list.first}>
        {() =>
          list.items.length + later.length === 0 ? (
            <Empty title={say(isFiltered ? 'log.none' : 'log.empty')}>
              {say(isFiltered ? 'log.none.text' : 'log.empty.text')}
            </Empty>
          ) : (
            <>
              <EntryList entries={[...later, ...list.items]} />
              <More list={list} />
            </>
          )
        }
      </Content>
    </>
  )
}

/** The requests of identity providers alone, and not those of the application. */
function ofClients({ entries }: LogView): readonly Entry[] {
  return entries.filter(({ via }) => via === 'client')
}

/** The requests since the page was opened. */
function useLater(filter: Filter, first: LogView | undefined): readonly Entry[] {
  const { api } = useApp()
  const { path } = useScope()
  const [later, setLater] = useState<{
    readonly of: LogView | undefined
    readonly entries: readonly Entry[]
    readonly newest?: string | undefined
  }>({
    of: undefined,
    entries: [],
  })
  const own = later.of === first ? later : { of: first, entries: [] }
  useWhileSeen(
    async () => {
      const after = own.newest ?? first?.newest
      const page = await api.get<LogView>(path('log'), { ...filter, after }).catch(() => undefined)
      if (page === undefined || page.entries.length === 0) return
      setLater({
        of: first,
        entries: [...ofClients(page), ...own.entries],
        newest: page.newest ?? page.entries[0]?.key,
      })
    },
    OFTEN,
    first !== undefined,
  )
  const known = new Set((first?.entries ?? []).map(({ key }) => key))
  return own.entries.filter(({ key }) => !known.has(key))
}

function Filters({ filter, isOfOne }: { readonly filter: Filter; readonly isOfOne: boolean }): JSX.Element {
  const { say } = useApp()
  const { href } = useScope()
  const to = (change: Filter): void => {
    const { connection, ...others } = { ...filter, ...change }
    const parts = isOfOne ? ['connections', connection ?? '', 'log'] : ['log']
    go(href(parts, isOfOne ? others : { connection, ...others }))
  }
  return (
    <FindBox
      label={say('log.filter.person')}
      value={filter.person ?? ''}
      onFind={(person) => to({ person: person || undefined })}
    >
      <select
        aria-label={say('log.filter.type')}
        value={filter.status ?? ''}
        onChange={(event) => to({ status: event.currentTarget.value || undefined })}
      >
        <option value="">{say('log.filter.all')}</option>
        <option value="failed">{say('log.filter.refused')}</option>
        <option value="401">{say('log.filter.credentials')}</option>
        <option value="5xx">{say('log.filter.ours')}</option>
      </select>
      {!isOfOne && <ConnectionChoice value={filter.connection ?? ''} onChange={(connection) => to({ connection })} />}
    </FindBox>
  )
}

function ConnectionChoice({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (connection: string | undefined) => void
}): JSX.Element | null {
  const { say } = useApp()
  const found = useRead<Answer<'listConnections'>>(['connections'])
  const connections = found.data?.connections ?? []
  if (connections.length < 2) return null
  return (
    <select
      aria-label={say('log.connection')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    >
      <option value="">{say('log.filter.connection')}</option>
      {connections.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}
