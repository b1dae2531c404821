// Copies the Markdown of the repository into the folder that VitePress reads, with links that lead somewhere there.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'

// Pages beside docs/, by their file in the repository.
const OTHERS = { 'CHANGELOG.md': 'changelog.md', 'CONTRIBUTING.md': 'contributing.md', 'SECURITY.md': 'reporting.md' }

/**
 * @param {{ root: string, out: string, repository: string }} options
 *   `repository`: the address that links to source files get.
 * @returns the names of the pages
 */
export function copyPages({ root, out, repository }) {
  const targets = new Map(Object.entries(OTHERS))
  for (const name of readdirSync(join(root, 'docs'))) if (name.endsWith('.md')) targets.set(`docs/${name}`, name)
  mkdirSync(out, { recursive: true })
  cpSync(join(root, 'docs/img'), join(out, 'img'), { recursive: true })
  for (const [file, target] of targets) {
    const text = readFileSync(join(root, file), 'utf8')
    writeFileSync(join(out, target), forVue(withLinks(text, { root, file, target, targets, repository })))
  }
  return [...targets.values()].map((target) => target.replace(/\.md$/, '')).sort()
}

/** Links between copied pages stay links; links to other files of the repository lead to the repository. */
function withLinks(text, { root, file, target, targets, repository }) {
  return text.replace(/(\]\()([^)\s#]+)(#[^)\s]*)?\)/g, (whole, open, path, fragment = '') => {
    if (/^[a-z]+:/.test(path)) return whole
    const linked = normalize(join(dirname(file), path))
      .split(sep)
      .join('/')
      .replace(/\/$/, '')
    const page = targets.get(linked)
    if (page !== undefined) return `${open}${relative(dirname(target), page) || page}${fragment})`
    if (linked.startsWith('docs/img/')) return `${open}./${linked.slice('docs/'.length)})`
    if (linked === 'README.md') return `${open}./index.md${fragment})`
    if (!existsSync(join(root, linked))) throw new Error(`${file} links to ${path}, which is not there.`)
    const kind = statSync(join(root, linked)).isDirectory() ? 'tree' : 'blob'
    return `${open}${repository}/${kind}/main/${linked}${fragment})`
  })
}

/** VitePress compiles pages as templates: braces in running text and code spans are text here. */
function forVue(text) {
  return text.replaceAll('{{', '{\u200b{')
}
