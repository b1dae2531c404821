import type { ComponentChildren, JSX } from 'preact'

/** The title of a column, of numbers, or hidden from the eye; false leaves the column out. */
export type Column = string | { readonly number: string } | { readonly hidden: string } | false

/** A table with its head. On a small screen the cells of a row stand below each other, unless `isWide`. */
export function Table({
  columns,
  children,
  kind,
  isWide = false,
}: {
  readonly columns: readonly Column[]
  readonly children: ComponentChildren
  readonly kind?: 'mapping' | 'pairs'
  readonly isWide?: boolean
}): JSX.Element {
  const names = [!isWide && 'stacked', kind].filter(Boolean).join(' ')
  return (
    <div class="table-wrap">
      <table class={names === '' ? undefined : names}>
        <thead>
          <tr>{columns.map((column) => column !== false && <Title key={JSON.stringify(column)} of={column} />)}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

function Title({ of }: { readonly of: Exclude<Column, false> }): JSX.Element {
  if (typeof of === 'string') return <th>{of}</th>
  if ('number' in of) return <th class="number">{of.number}</th>
  return (
    <th>
      <span class="hidden-text">{of.hidden}</span>
    </th>
  )
}
