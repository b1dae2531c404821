// VitePress finds links to missing pages; this finds links to missing headings.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** Throws with all links in the built pages whose page or heading does not exist. */
export function checkAnchors(dist) {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'))
  const ids = new Map(files.map((file) => [join(dist, file), idsOf(readFileSync(join(dist, file), 'utf8'))]))
  const broken = new Set()
  for (const file of files) {
    const from = join(dist, file)
    for (const [, href] of readFileSync(from, 'utf8').matchAll(/<a [^>]*href="([^"]+)"/g)) {
      if (/^[a-z]+:/.test(href)) continue
      const [path, fragment] = href.replaceAll('&amp;', '&').split('#')
      const target = path === '' ? from : pageAt(path.startsWith('/') ? join(dist, path) : join(dirname(from), path))
      const isThere = target !== undefined && (fragment === undefined || hasId(ids.get(target), fragment))
      if (!isThere) broken.add(`${relative(dist, from)}: ${href}`)
    }
  }
  if (broken.size > 0) throw new Error(`Links that lead nowhere:\n${[...broken].sort().join('\n')}`)
}

function idsOf(html) {
  return new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
}

function hasId(ids, fragment) {
  return ids === undefined || fragment === '' || ids.has(decodeURIComponent(fragment))
}

function pageAt(path) {
  return [path, `${path}.html`, join(path, 'index.html')].find((file) => existsSync(file) && !file.endsWith('/'))
}
