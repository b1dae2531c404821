import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useApp } from './app-context.js'

/** A value to be pasted elsewhere, and the button that copies it. */
export function Copy({ value, label }: { readonly value: string; readonly label: string }): JSX.Element {
  return (
    <div class="copy">
      <code>{value}</code>
      <CopyButton value={value} label={label} />
    </div>
  )
}

export function CopyButton({
  value,
  label,
  text,
  class: look,
}: {
  readonly value: string
  readonly label: string
  readonly text?: string
  readonly class?: string
}): JSX.Element {
  const { say, tell } = useApp()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value)
      setCopied(true)
      tell(say('copy.done', { what: label }))
    } catch {
      tell(say('copy.failed'))
    }
  }
  return (
    <button type="button" class={look} onClick={copy} aria-label={say('copy.label', { what: label })}>
      {isCopied ? say('copy.copied') : (text ?? say('copy.copy'))}
    </button>
  )
}
