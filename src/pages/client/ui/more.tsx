import type { JSX } from 'preact'
import { useApp } from './app-context.js'
import { Failure } from './parts.js'
import type { LongList } from './use-list.js'

/** The button under a long list. */
export function More<Page, Item>({ list }: { readonly list: LongList<Page, Item> }): JSX.Element {
  const { say } = useApp()
  return (
    <>
      {list.error !== undefined && <Failure error={list.error} />}
      {list.hasMore && (
        <div class="more">
          <button type="button" class="button" disabled={list.isBusy} onClick={list.more}>
            {say('more')}
          </button>
        </div>
      )}
    </>
  )
}
