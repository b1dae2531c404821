import type { JSX } from 'preact'
import type { Setup } from '../../data/types.js'
import { useApp } from '../../ui/app-context.js'
import { Option } from '../../ui/option.js'
import type { Note } from './setup-page.js'

/** Which kind of application the administrator has at the provider. */
export function AppChoice({ setup, note }: { readonly setup: Setup; readonly note: Note }): JSX.Element {
  const { say } = useApp()
  return (
    <div class="options" role="radiogroup" aria-label={say('setup.app')}>
      {setup.guide.apps.map(({ id, title, text }) => (
        <Option
          key={id}
          name="app"
          isChosen={id === setup.app}
          onChoose={() => note({ app: id })}
          title={title}
          text={text}
        />
      ))}
    </div>
  )
}

/** Which method the page of the provider offers. */
export function MethodChoice({ setup, note }: { readonly setup: Setup; readonly note: Note }): JSX.Element {
  const { say, session } = useApp()
  const rankOf = (id: string): number => session.methods.findIndex((each) => each === (id === 'header' ? 'token' : id))
  // The product names the method that it prefers first.
  const offered = setup.guide.methods
    .filter(({ id }) => rankOf(id) >= 0)
    .sort((one, other) => rankOf(one.id) - rankOf(other.id))
  return (
    <div class="options" role="radiogroup" aria-label={say('setup.method')}>
      {offered.map(({ id, title, text }, index) => (
        <Option
          key={id}
          name="method"
          isChosen={id === setup.method}
          onChoose={() => note({ method: id })}
          title={title}
          text={text}
          tag={index === 0 && offered.length > 1 ? say('setup.recommended') : ''}
        />
      ))}
    </div>
  )
}
