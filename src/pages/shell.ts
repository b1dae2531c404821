import { createHash } from 'node:crypto'
import { script, styles } from './bundle.js'
import type { Settings } from './request/options.js'

/** A file that the pages consist of. */
export interface PageFile {
  readonly type: string
  readonly text: string
  readonly cache: string
}

const ONE_YEAR = 'private, max-age=31536000, immutable'

const version = createHash('sha256').update(script).update(styles).digest('hex').slice(0, 12)

/** The module and the style sheet. Their URLs change with their texts. */
export const files: Readonly<Record<string, PageFile>> = {
  '/pages.js': { type: 'text/javascript; charset=utf-8', text: script, cache: ONE_YEAR },
  '/pages.css': { type: 'text/css; charset=utf-8', text: styles, cache: ONE_YEAR },
}

/**
 * The one HTML page. All of its URLs are relative, so that it works below any path and behind a proxy that strips a
 * prefix; the module takes all others from `base`, which is where the pages are mounted.
 */
export function shellOf({ product }: Settings, base: './' | '../'): PageFile {
  const text = `<!doctype html>
<html lang="en" data-base="${base}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(product.name)}</title>
<link rel="stylesheet" href="${base}pages.css?v=${version}">
<script type="module" src="${base}pages.js?v=${version}"></script>
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`
  return { type: 'text/html; charset=utf-8', text, cache: 'no-store' }
}

/** Headers of every answer. */
export function headersOf({ frameAncestors = [] }: Settings): Readonly<Record<string, string>> {
  const ancestors = frameAncestors.length === 0 ? "'none'" : frameAncestors.join(' ')
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${ancestors}`,
    ].join('; '),
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    ...(frameAncestors.length === 0 && { 'X-Frame-Options': 'DENY' }),
  }
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
