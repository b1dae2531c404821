import type { RequestReport } from '../setup/hooks.js'

/**
 * One line for people about a request: method, path, status, reason and tenant. Texts of clients are escaped, so that
 * no text begins a line of its own.
 */
export function reportLine(report: RequestReport): string {
  const { status, method, path, query, ms, id } = report
  return [
    `${status} ${shown(method)} ${shown(path)}${query === undefined ? '' : `?${shown(query)}`}`,
    subject(report),
    reason(report),
    ...(report.bulk ?? []).filter((one) => one.status >= 400).map((one) => shown(operation(one))),
    report.tolerated.length > 0 && `tolerated: ${report.tolerated.map(tolerance).join(', ')}`,
    whose(report),
    `${ms.toFixed(0)} ms, request ${id}`,
  ]
    .filter((part) => part !== undefined && part !== false && part !== '')
    .join(' | ')
}

function subject({ action, resourceType, resourceId, count, changes }: RequestReport): string | undefined {
  if (action === undefined) return undefined
  const about = [action, resourceType, resourceId === undefined ? undefined : shown(resourceId)]
  const found = count === undefined ? undefined : `${count} found`
  const members = changes?.members
  const moved =
    members && `members +${members.added.length} -${members.removed.length}${members.more > 0 ? ' and more' : ''}`
  const names = changes && `wrote ${changes.attributes.join(', ') || 'nothing'}`
  return [about.filter((part) => part !== undefined).join(' '), found, names, moved].filter(Boolean).join(', ')
}

function reason({ code, attribute, detail, refusal }: RequestReport): string | undefined {
  if (code === undefined) return undefined
  const about = attribute === undefined ? '' : ` ${shown(attribute)}`
  const credentials =
    refusal && ` (${refusal.reason}${refusal.subject === undefined ? '' : `, of ${shown(refusal.subject)}`})`
  return `${code}${about}${credentials ?? ''}: ${shown(detail ?? '')}`
}

function operation({ method, path, status, code, attribute }: NonNullable<RequestReport['bulk']>[number]): string {
  return `${method} ${path} ${status} ${code ?? ''}${attribute === undefined ? '' : ` ${attribute}`}`
}

function tolerance({ name, attribute }: RequestReport['tolerated'][number]): string {
  return attribute === undefined ? name : `${name} (${shown(attribute)})`
}

function whose({ tenant, provider, userAgent, via, auth, params }: RequestReport): string {
  const names = Object.entries(params).map(([name, value]) => `${name}=${shown(value)}`)
  return [
    tenant === undefined ? (auth === undefined ? 'nobody known' : '') : `tenant ${shown(tenant)}`,
    ...names,
    via === 'client' ? (provider ?? (userAgent && `agent ${shown(userAgent)}`)) : `via ${shown(via)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

const LONGEST = 300

/** Control characters and quotes as JSON writes them, at most so long. */
function shown(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return escaped.length > LONGEST ? `${escaped.slice(0, LONGEST)}…` : escaped
}
