import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import { useApp } from '../../ui/app-context.js'

/** A field to find something by its beginning. */
export function FindBox({
  label,
  value,
  onFind,
  children,
}: {
  readonly label: string
  readonly value: string
  readonly onFind: (text: string) => void
  /** Further conditions beside the field. */
  readonly children?: ComponentChildren
}): JSX.Element {
  const { say } = useApp()
  const [text, setText] = useState(value)
  return (
    <search>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault()
          onFind(text.trim())
        }}
      >
        <input
          class="wide"
          type="search"
          aria-label={label}
          placeholder={label}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        {children}
        <button type="submit" class="button fit">
          {say('log.filter.apply')}
        </button>
      </form>
    </search>
  )
}
