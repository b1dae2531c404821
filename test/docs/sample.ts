import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.js'

/** The text of the block behind `<!-- sample name -->` in a page of the documentation. */
export function sample(page: string, name: string): string {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8')
  const [, block] = new RegExp(`<!-- sample ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(text) ?? []
  if (block === undefined) throw new Error(`docs/${page} has no sample "${name}".`)
  return block
}

/** A text without the parts that differ from run to run: ids, times, hashes and the port. */
export function lasting(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/\bms: [\d.e-]+/g, 'ms: <number>')
    .replace(/\bkey: '\w+'/g, "key: '<key>'")
    .replace(/'[0-9a-f]{64}'/g, "'<hash>'")
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
}
