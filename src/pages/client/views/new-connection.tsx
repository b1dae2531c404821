import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { go } from '../data/route.js'
import type { Answer, Guide, Made } from '../data/types.js'
import { useApp, useScope } from '../ui/app-context.js'
import { Content, Failure, Head, Notice } from '../ui/parts.js'
import { Rich } from '../ui/text.js'
import { useReadService } from '../ui/use-read.js'
import { type Federation, FederationBox } from './setup/federation-box.js'

/** The choice of the identity provider, from which a connection begins. */
export function NewConnection(): JSX.Element {
  const { say } = useApp()
  const { href } = useScope()
  const found = useReadService<Answer<'listGuides'>>('guides')
  return (
    <>
      <Head title={say('new.title')} above={<a href={href([])}>{say('nav.connections')}</a>}>
        {say('new.lead')}
      </Head>
      <Content of={found}>{({ guides }) => <Choice guides={guides} />}</Content>
    </>
  )
}

/** The methods of a guide that the product offers; a header is a token. */
function methodsOf({ methods }: Guide, offered: readonly string[]): Guide['methods'] {
  return methods.filter(({ id }) => offered.includes(id === 'header' ? 'token' : id))
}

function Choice({ guides }: { readonly guides: readonly Guide[] }): JSX.Element {
  const { api, say, session, secrets } = useApp()
  const { path, href } = useScope()
  const [provider, setProvider] = useState('')
  const [method, setMethod] = useState('')
  const [federation, setFederation] = useState<Federation | undefined>()
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const guide = guides.find(({ id }) => id === provider)
  const methods = guide === undefined ? [] : methodsOf(guide, session.methods)
  // Which of two ways a token is typed is asked later, at the page of the provider.
  const differ = new Set(methods.map(({ id }) => (id === 'header' ? 'token' : id))).size > 1
  const isReady =
    guide?.supported === true && (!differ || method !== '') && (method !== 'federated' || federation !== undefined)
  const start = async (event: Event): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      const made = await api.send<Made>('POST', path('connections'), {
        provider,
        ...(differ && { method }),
        ...(method === 'federated' && { federation }),
      })
      secrets.set(made.connection.id, made)
      go(href(['connections', made.connection.id, 'setup']))
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <form class="section narrow stack" onSubmit={start}>
      <fieldset class="options">
        <legend class="hidden-text">{say('new.provider')}</legend>
        {guides.map((each) => (
          <Option
            key={each.id}
            name="provider"
            isChosen={each.id === provider}
            onChoose={() => {
              setProvider(each.id)
              setMethod('')
            }}
            title={each.name}
            text={each.id === provider ? each.intro.join(' ') : ''}
            tag={each.supported ? '' : say('new.unsupported')}
          />
        ))}
      </fieldset>
      {guide?.supported === false && (
        <Notice tone="warn" title={say('new.instead')}>
          <p>{say('new.instead.text', { provider: guide.name })}</p>
        </Notice>
      )}
      {differ && (
        <>
          <h2 id="methods">{say('setup.method')}</h2>
          <p class="lead">{say('new.method', { provider: guide?.name ?? '' })}</p>
          <div class="options" role="radiogroup" aria-labelledby="methods">
            {methods.map(({ id, title, text }) => (
              <Option
                key={id}
                name="method"
                isChosen={id === method}
                onChoose={() => setMethod(id)}
                title={title}
                text={text}
              />
            ))}
          </div>
          {method === 'federated' && <FederationBox onRead={setFederation} />}
        </>
      )}
      {error !== undefined && <Failure error={error} />}
      <div>
        <button type="submit" class="button primary" disabled={!isReady || isBusy}>
          {say('new.start')}
        </button>
      </div>
    </form>
  )
}

export function Option({
  name,
  isChosen,
  onChoose,
  title,
  text,
  tag = '',
}: {
  readonly name: string
  readonly isChosen: boolean
  readonly onChoose: () => void
  readonly title: string
  readonly text: string
  readonly tag?: string
}): JSX.Element {
  return (
    <label class="option">
      <input type="radio" name={name} checked={isChosen} onChange={onChoose} />
      <span class="title">{title}</span>
      {tag === '' ? <span /> : <span class="tag">{tag}</span>}
      {text !== '' && (
        <span class="text">
          <Rich text={text} />
        </span>
      )}
    </label>
  )
}
