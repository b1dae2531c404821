import { countsOf, type Report, type Result } from './report.js'

/** The report as JSON. It holds no tokens, and only people that the run created. */
export function jsonOf(report: Report): string {
  const results = report.results.map(({ exchanges, ...result }) => ({
    ...result,
    exchanges: exchanges.map(({ answer, ...exchange }) => ({
      ...exchange,
      ...(answer && { status: answer.status, headers: Object.fromEntries(answer.headers), answer: answer.text }),
    })),
  }))
  const areas = countsOf(report).map(({ area, kind, all, by }) => ({ area, kind, all, ...by }))
  return `${JSON.stringify({ ...report, areas, results }, undefined, 2)}\n`
}

/**
 * The report in the JUnit format, for tools that show tests. Warnings and notes count as passed; their text is in
 * system-out.
 */
export function junitOf(report: Report): string {
  const suites = countsOf(report).map(({ area, all, by }) => {
    const cases = report.results.filter((result) => result.area === area).map(caseOf)
    return `  <testsuite name="${xmlText(area)}" tests="${all}" failures="${by.failed}" errors="0" skipped="${by.skipped}">\n${cases.join('\n')}\n  </testsuite>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="express-scim check">\n${suites.join('\n')}\n</testsuites>\n`
}

function caseOf({ area, test, title, section, requirements, status, message = '', milliseconds }: Result): string {
  const name = xmlText(test === undefined ? `${title} (${section}) ${requirements.join(' ')}` : `${test}: ${title}`)
  const open = `    <testcase classname="${xmlText(area)}" name="${name}" time="${(milliseconds / 1000).toFixed(3)}"`
  if (status === 'passed') return `${open}/>`
  const inside = {
    failed: `<failure message="${xmlText(message)}"/>`,
    skipped: `<skipped message="${xmlText(message)}"/>`,
    warning: `<system-out>${xmlText(`warning: ${message}`)}</system-out>`,
    note: `<system-out>${xmlText(`note: ${message}`)}</system-out>`,
  }[status]
  return `${open}>${inside}</testcase>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
}

function xmlText(text: string): string {
  // XML 1.0 cannot hold control characters, not even escaped.
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '?')
    .replace(/[&<>"\n]/g, (one) => ENTITIES[one] ?? one)
}
