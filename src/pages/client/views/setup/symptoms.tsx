import type { JSX } from 'preact'
import type { Guide } from '../../data/types.js'
import { useApp } from '../../ui/app-context.js'
import { Rich } from '../../ui/text.js'

/** The messages on the provider's own pages, with their meaning and the remedy. */
export function Symptoms({ guide }: { readonly guide: Guide }): JSX.Element | null {
  const { say } = useApp()
  if (guide.symptoms.length === 0) return null
  return (
    <section class="section">
      <h2>{say('setup.shown', { provider: guide.name })}</h2>
      <p class="lead">{say('setup.shown.lead', { provider: guide.name })}</p>
      <div class="after">
        {guide.symptoms.map(({ id, shows, means, fix }) => (
          <details key={id}>
            <summary>
              <q>{shows}</q>
            </summary>
            <div class="texts">
              <p>
                <Rich text={means} />
              </p>
              <p>
                <Rich text={fix} />
              </p>
            </div>
          </details>
        ))}
      </div>
    </section>
  )
}
