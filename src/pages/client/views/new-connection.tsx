import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { go } from '../data/route.js'
import type { Answer, Guide, Made } from '../data/types.js'
import { useApp, useScope } from '../ui/app-context.js'
import { Option } from '../ui/option.js'
import { Content, Failure, Head, Notice } from '../ui/parts.js'
import { useReadService } from '../ui/use-read.js'

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

function Choice({ guides }: { readonly guides: readonly Guide[] }): JSX.Element {
  const { api, say } = useApp()
  const { path, href } = useScope()
  const [provider, setProvider] = useState('')
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const guide = guides.find(({ id }) => id === provider)
  const start = async (event: Event): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      // The credential is made later, when it is known which kind the page of the provider asks for.
      const { connection } = await api.send<Made>('POST', path('connections'), {
        provider,
        name: guide?.name ?? provider,
        credential: false,
      })
      go(href(['connections', connection.id, 'setup']))
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <form class="section narrow stack" onSubmit={start}>
      <fieldset class="options">
        <legend class="hidden-text">{say('new.provider')}</legend>
        {guides.map(({ id, name, supported, intro }) => (
          <Option
            key={id}
            name="provider"
            isChosen={id === provider}
            onChoose={() => setProvider(id)}
            title={name}
            text={id === provider ? intro.join(' ') : ''}
            tag={supported ? '' : say('new.unsupported')}
          />
        ))}
      </fieldset>
      {guide?.supported === false && (
        <Notice tone="warn" title={say('new.instead')}>
          <p>{say('new.instead.text', { provider: guide.name })}</p>
        </Notice>
      )}
      {error !== undefined && <Failure error={error} />}
      <div>
        <button type="submit" class="button primary" disabled={guide?.supported !== true || isBusy}>
          {say('new.start')}
        </button>
      </div>
    </form>
  )
}
