import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { hrefOf, type PageAddress, useAddress } from '../data/route.js'
import type { TextKey } from '../texts/index.js'
import { ScopeContext, scopeOf, useApp, useCan } from '../ui/app-context.js'
import { Failure } from '../ui/parts.js'
import { ConnectionPage } from './connection/connection-page.js'
import { Connections } from './connections.js'
import { LogPage } from './log/log-page.js'
import { NewConnection } from './new-connection.js'
import { GroupPage, GroupsPage } from './people/groups.js'
import { PeoplePage } from './people/people.js'
import { PersonPage } from './people/person.js'
import { StoredData } from './people/stored-data.js'
import { SetupPage } from './setup/setup-page.js'
import { Reasons, Why } from './shared/why.js'
import { ServicePage } from './staff/service.js'
import { Tenants } from './staff/tenants.js'
import { TolerancesPage } from './staff/tolerances.js'

/** The frame of all pages, and the choice of the page for an address. */
export function Shell(): JSX.Element {
  const { session, say } = useApp()
  const address = useAddress()
  const isStaff = session.audience === 'staff'
  const tenant = isStaff && address.parts[0] === 'tenants' ? address.parts[1] : undefined
  const parts = tenant === undefined ? address.parts : address.parts.slice(2)
  const [reasons, setReasons] = useState<Readonly<Record<string, string>>>({})
  const scope = scopeOf(tenant, tenant === undefined ? undefined : reasons[tenant])
  const give = (of: string, reason: string): void => setReasons({ ...reasons, [of]: reason })
  return (
    <>
      <button type="button" class="skip" onClick={toContent}>
        {say('nav.skip')}
      </button>
      <header class="bar">
        <div class="bar-inner">
          <a class="brand" href="#/">
            {session.product.name} <span class="muted">{say(isStaff ? 'brand.staff' : 'brand.customer')}</span>
          </a>
          {session.audience !== 'invited' && (
            <Tabs links={isStaff ? staffLinks() : customerLinks()} parts={address.parts} />
          )}
        </div>
      </header>
      <main class="main" id="content" tabIndex={-1}>
        <ScopeContext.Provider value={scope}>
          {tenant !== undefined && <TenantBar tenant={tenant} parts={parts} />}
          <Reasons.Provider value={give}>
            <View
              key={address.parts.join('/')}
              address={{ ...address, parts }}
              isOverview={isStaff && tenant === undefined}
            />
          </Reasons.Provider>
        </ScopeContext.Provider>
      </main>
      {session.product.support !== undefined && (
        <footer class="foot">{say('foot.support', { support: session.product.support })}</footer>
      )}
    </>
  )
}

function View({ address, isOverview }: { readonly address: PageAddress; readonly isOverview: boolean }): JSX.Element {
  const { session, say } = useApp()
  const [page, id, part] = address.parts
  if (session.audience === 'invited') return <SetupPage id={session.connection ?? ''} />
  if (isOverview) {
    if (page === undefined) return <Tenants />
    if (page === 'service') return <ServicePage />
  } else {
    if (page === undefined) return <Connections />
    if (page === 'new') return <NewConnection />
    if (page === 'connections' && id !== undefined) return <ConnectionPage id={id} part={part} address={address} />
    if (page === 'people' || page === 'groups') {
      return (
        <Why title={say(`${page}.title`)}>
          <Stored page={page} id={id} address={address} />
        </Why>
      )
    }
    if (page === 'log') return <LogPage address={address} />
    if (page === 'tolerances') return <TolerancesPage />
    if (page === 'data') return <StoredData />
  }
  return <Failure error={new Error(say('error.gone'))} />
}

/** The pages that show people. */
function Stored({
  page,
  id,
  address,
}: {
  readonly page: 'people' | 'groups'
  readonly id: string | undefined
  readonly address: PageAddress
}): JSX.Element {
  if (page === 'people') return id === undefined ? <PeoplePage address={address} /> : <PersonPage id={id} />
  return id === undefined ? <GroupsPage address={address} /> : <GroupPage id={id} />
}

type Links = readonly (readonly [string, TextKey])[]

function customerLinks(): Links {
  const can = useCan()
  return [
    ['', 'nav.connections'],
    ...(can('people')
      ? ([
          ['people', 'nav.people'],
          ['groups', 'nav.groups'],
        ] as const)
      : []),
    ['log', 'nav.log'],
    ['data', 'nav.data'],
  ]
}

function staffLinks(): Links {
  return [
    ['', 'nav.tenants'],
    ['service', 'nav.service'],
  ]
}

function Tabs({ links, parts }: { readonly links: Links; readonly parts: readonly string[] }): JSX.Element {
  const { say } = useApp()
  const first = ['connections', 'new', 'tenants'].includes(parts[0] ?? '') ? '' : (parts[0] ?? '')
  return (
    <nav class="tabs" aria-label={say('nav.label')}>
      {links.map(([path, key]) => (
        <a key={path} href={hrefOf(path === '' ? [] : [path])} aria-current={first === path ? 'page' : undefined}>
          {say(key)}
        </a>
      ))}
    </nav>
  )
}

/** The place of staff within one customer. */
function TenantBar({ tenant, parts }: { readonly tenant: string; readonly parts: readonly string[] }): JSX.Element {
  const { say } = useApp()
  const { href } = scopeOf(tenant)
  const first = ['connections', 'new'].includes(parts[0] ?? '') ? '' : (parts[0] ?? '')
  return (
    <div class="tenant-bar">
      <p class="crumbs">
        <a href="#/">{say('nav.tenants')}</a> › <bdi>{tenant}</bdi>
      </p>
      <nav class="tabs subtabs" aria-label={tenant}>
        {[...customerLinks(), ['tolerances', 'nav.tolerances'] as const].map(([path, key]) => (
          <a key={path} href={href(path === '' ? [] : [path])} aria-current={first === path ? 'page' : undefined}>
            {say(key)}
          </a>
        ))}
      </nav>
    </div>
  )
}

function toContent(event: Event): void {
  event.preventDefault()
  const link = event.currentTarget as HTMLElement
  link.parentElement?.querySelector<HTMLElement>('#content')?.focus()
}
