import type { JSX } from 'preact'
import { Rich } from './text.js'

/** One of several choices that exclude each other, with its meaning. */
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
      <span class="title">
        <Rich text={title} />
      </span>
      {tag === '' ? <span /> : <span class="tag">{tag}</span>}
      {text !== '' && (
        <span class="text">
          <Rich text={text} />
        </span>
      )}
    </label>
  )
}
