import type { JSX } from 'preact'
import type { Setup } from '../../data/types.js'
import { useApp } from '../../ui/app-context.js'
import { Name } from '../../ui/text.js'

/** The people that the product has already, and those among them without a match. */
export function People({ setup }: { readonly setup: Setup }): JSX.Element | null {
  const { say, session } = useApp()
  const { already } = setup
  if (already === undefined) return null
  const attribute = say(session.product.signIn === 'emails' ? 'setup.existing.mail' : 'setup.existing.userName')
  return (
    <div class="notice">
      <h3>{say('setup.existing')}</h3>
      <p>{say('setup.existing.text', { count: already.count, attribute })}</p>
      {already.unmatched.length > 0 && (
        <>
          <p>{say('setup.existing.unmatched', { count: already.unmatched.length })}</p>
          <ul>
            {already.unmatched.map((name) => (
              <li key={name}>
                <Name>{name}</Name>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
