import { explain, type LogEntry } from '../../journal/index.js'
import { parseUrl } from '../../parse-url.js'
import type { EntryView } from '../contract/contract.js'
import type { Settings } from '../request/options.js'

/** An entry of the log, explained. */
export function entryView({ product }: Settings, entry: LogEntry): EntryView {
  const { situation, sentence, hint, link } = explain(entry)
  const { changes } = entry
  return {
    key: entry.key,
    id: entry.id,
    time: entry.time.toISOString(),
    last: entry.last.toISOString(),
    times: entry.times,
    ms: Math.round(entry.ms),
    connection: entry.connection,
    provider: entry.provider,
    method: entry.method,
    path: entry.path,
    query: entry.query,
    status: entry.status,
    code: entry.code,
    scimType: entry.scimType,
    attribute: entry.attribute,
    action: entry.action,
    resourceType: entry.resourceType,
    resourceId: entry.resourceId,
    count: entry.count,
    changes: changes?.attributes,
    members: changes?.members && { added: changes.members.added.length, removed: changes.members.removed.length },
    refusal: entry.refusal?.reason,
    tolerances: entry.tolerances,
    bulk: entry.bulk?.map(({ method, resourceType, resourceId, status, code, attribute }) => ({
      method,
      resourceType,
      resourceId,
      status,
      code,
      attribute,
    })),
    userAgent: entry.userAgent,
    via: entry.via,
    // Links to sections of the package's own documentation do not work in a browser.
    explanation: { situation, sentence, hint, link: link !== undefined && parseUrl(link) ? link : undefined },
    support: supportText(product.name, entry, sentence),
  }
}

/** A text to paste into a mail to the support. It names no person. */
function supportText(product: string, entry: LogEntry, sentence: string): string {
  const facts: readonly (readonly [string, string | number | undefined])[] = [
    ['Request', entry.id],
    ['Time', entry.time.toISOString()],
    ['Connection', entry.connection],
    ['Provider', entry.provider],
    ['Asked', `${entry.method} ${entry.path}`.trim()],
    ['Status', entry.status],
    ['Code', entry.code],
    ['Attribute', entry.attribute],
    ['Refused because', entry.refusal?.reason],
  ]
  const lines = facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name}: ${value}`]))
  return [`${product}: ${sentence}`, ...lines].join('\n')
}
