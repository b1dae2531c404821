import type { Paint } from '../shared/paint.js'
import { harmless } from '../shared/paint.js'
import { type Count, countsOf, type Report, type Result } from './report.js'

const MARKS = {
  passed: ['green', 'pass'],
  failed: ['red', 'FAIL'],
  warning: ['yellow', 'warn'],
  note: ['cyan', 'note'],
  skipped: ['dim', 'skip'],
} as const

/** The report as text for a person. */
export function wordsOf(
  report: Report,
  { paint, verbose }: { readonly paint: Paint; readonly verbose: boolean },
): string {
  const counts = countsOf(report)
  const rules = counts.filter(({ kind }) => kind === 'rule')
  const providers = counts.filter(({ kind }) => kind === 'provider')
  const wrong = report.results.filter(({ status }) => status === 'failed' || status === 'warning' || status === 'note')
  const parts = [
    `${paint('bold', report.url)}\n${report.says.map((line) => `  ${harmless(line)}`).join('\n')}`,
    rules.length > 0
      ? table(
          ['RFC 7643, RFC 7644, RFC 9865', 'passed', 'failed', 'warnings', 'notes', 'skipped'],
          rules.map(ruleRow),
          paint,
        )
      : '',
    providers.length > 0
      ? table(['Identity providers', 'score', '', '', '', 'not seen'], providers.map(providerRow), paint)
      : '',
    wrong.map((result) => finding(result, paint, verbose)).join('\n'),
    verbose ? skipped(report, paint) : '',
    endOf(report, paint),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function ruleRow({ area, by }: Count): readonly string[] {
  return [
    area,
    ...[by.passed, by.failed, by.warning, by.note, by.skipped].map((count) => (count === 0 ? '·' : String(count))),
  ]
}

function providerRow({ area, all, by }: Count): readonly string[] {
  return [
    area,
    `${scoreOf({ all, by })} of ${all - by.skipped}`,
    '',
    '',
    '',
    by.skipped === 0 ? '·' : String(by.skipped),
  ]
}

/** How many tests of a provider passed. A note counts as passed: the provider does not need it. */
export function scoreOf({ by }: Pick<Count, 'all' | 'by'>): number {
  return by.passed
}

function table(head: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return [paint('bold', line(head)), ...rows.map(line)].join('\n')
}

function finding(result: Result, paint: Paint, verbose: boolean): string {
  const [style, word] = MARKS[result.status]
  const name =
    result.test === undefined ? `${result.area}: ${result.title}` : `${result.area}: ${result.test} (${result.title})`
  const rule = [result.section, result.requirements.length > 0 && `[${result.requirements.join(', ')}]`]
    .filter(Boolean)
    .join(' ')
  const message = (result.message ?? '').split('\n').map((line) => `     ${harmless(line)}`)
  const lines = [`${paint(style, word)} ${name}${rule && `  ${paint('dim', rule)}`}`, ...message]
  return [...lines, ...(verbose ? result.exchanges.flatMap((exchange) => exchangeWords(exchange, paint)) : [])].join(
    '\n',
  )
}

function exchangeWords(
  { method, url, requestHeaders, requestBody, answer, error }: Result['exchanges'][number],
  paint: Paint,
): string[] {
  const headers = (given: Iterable<readonly [string, string]>): string[] =>
    [...given].map(([name, value]) => `       ${name}: ${harmless(value)}`)
  const received =
    answer === undefined
      ? [`     < ${error ?? 'no answer'}`]
      : [`     < ${answer.status}`, ...headers(answer.headers), ...body(answer.text)]
  return [
    `     > ${method} ${url}`,
    ...headers(Object.entries(requestHeaders)),
    ...body(requestBody ?? ''),
    ...received,
  ].map((line) => paint('dim', line))
}

function body(text: string): string[] {
  if (text === '') return []
  const shown = text.length > 4000 ? `${text.slice(0, 4000)}… (${text.length} characters)` : text
  return shown.split('\n').map((line) => `       ${harmless(line)}`)
}

function skipped({ results }: Report, paint: Paint): string {
  return results
    .filter(({ status }) => status === 'skipped')
    .map(
      ({ area, title, test, message }) =>
        `${paint('dim', 'skip')} ${area}: ${test ?? title}\n     ${harmless(message ?? '')}`,
    )
    .join('\n')
}

function endOf(report: Report, paint: Paint): string {
  const counts = { passed: 0, failed: 0, warning: 0, note: 0, skipped: 0 }
  for (const { status } of report.results) counts[status] += 1
  const words = [
    `${counts.passed} passed`,
    `${counts.failed} failed`,
    `${counts.warning} warnings`,
    `${counts.note} notes`,
    `${counts.skipped} not seen`,
  ]
  const style = counts.failed > 0 ? 'red' : 'green'
  const lines = [
    `${paint(style, words.join(', '))}; ${report.requests} requests in ${(report.milliseconds / 1000).toFixed(1)} s`,
    report.stopped ? paint('yellow', 'The check was ended early.') : '',
    report.left.length > 0
      ? `${paint('red', 'Could not be deleted:')}\n${report.left.map(({ path, name, why }) => `  ${path} ${harmless(name)}: ${harmless(why)}`).join('\n')}`
      : '',
    report.foreign.length > 0
      ? `${paint('yellow', 'Existed before, answered to a POST, and left unchanged:')}\n${report.foreign.map(({ path, why }) => `  ${path}: ${why}`).join('\n')}`
      : '',
  ]
  return lines.filter((line) => line !== '').join('\n')
}
