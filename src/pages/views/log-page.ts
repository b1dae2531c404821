import type { LogEntry, LogPage, PageQuery } from '../../journal/index.js'
import type { Settings } from '../request/options.js'

const MOST_TURNS = 10

/** A page of the log without the reads of the pages themselves: they stand in the history. */
export async function logPage({ log }: Settings, query: PageQuery & { readonly count: number }): Promise<LogPage> {
  // A page that waits for the next request shows it at once, if it came to this process.
  await log.flush()
  const found: LogEntry[] = []
  let { before } = query
  for (let turns = 0; turns < MOST_TURNS; turns++) {
    const page = await log.page({ ...query, before, count: query.count - found.length })
    found.push(...page.entries.filter(({ via }) => via !== 'pages'))
    before = page.next
    if (page.next === undefined || found.length >= query.count) break
  }
  return { entries: found, next: before }
}
