import type { JSX } from 'preact'
import { shown } from '../data/shown.js'
import { useApp } from './app-context.js'

/** A text of a guide: `**a name on the provider's page**` and `` `something to type` `` stand out. */
export function Rich({ text }: { readonly text: string }): JSX.Element {
  const parts = text.split(/(\*\*[^*]+\*\*|`[^`]+`)/)
  return (
    <>
      {parts.map((part) => {
        if (part.startsWith('**')) return <strong>{part.slice(2, -2)}</strong>
        if (part.startsWith('`') && part.length > 1) return <code>{part.slice(1, -1)}</code>
        return part
      })}
    </>
  )
}

/** A name that comes from outside: it cannot reach beyond its own place. */
export function Name({ children }: { readonly children: string }): JSX.Element {
  return <bdi>{shown(children)}</bdi>
}

/** A moment, short, with the exact one behind it. */
export function Time({
  at,
  as = 'moment',
}: {
  readonly at: string
  readonly as?: 'moment' | 'ago' | 'day' | 'clock'
}): JSX.Element {
  const { format } = useApp()
  return (
    <time dateTime={at} title={format.exact(at)}>
      {format[as](at)}
    </time>
  )
}
