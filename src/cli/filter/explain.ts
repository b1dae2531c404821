import { type Attribute, type Filter, printFilter, scimRouter, visitFilter } from '../../index.js'
import { propertiesOf } from '../../is-object.js'
import { compileFilter, type Dialect, postgresql, sqlite, type TableMapping } from '../../sql/index.js'

/** A filter as an adapter gets it, and as SQL. */
export interface FilterExplanation {
  readonly filter: Filter
  readonly canonical: string
  readonly sql: Readonly<
    Record<string, { readonly text: string; readonly values: readonly unknown[]; readonly rest: string | undefined }>
  >
}

const DIALECTS: Readonly<Record<string, Dialect>> = { PostgreSQL: postgresql, SQLite: sqlite }

/** Thrown if a text is no filter of a resource type, with the message of the router. */
export class NoFilter extends Error {
  override readonly name = 'NoFilter'
}

/**
 * Binds a filter to the schema of a resource type, as the router does before an adapter sees it. Throws {@link
 * NoFilter}.
 */
export async function explain(text: string, type: 'User' | 'Group'): Promise<FilterExplanation> {
  if (text.trim() === '') throw new NoFilter('The text is empty.')
  const { filter, detail } = await bound(text, type)
  if (filter === undefined) throw new NoFilter(detail)
  const mapping = mappingFor(filter, type)
  const compiled = Object.entries(DIALECTS).map(([name, dialect]) => {
    const { text: condition, values, rest } = compileFilter(filter, mapping, dialect)
    return [name, { text: condition, values, rest: rest && printFilter(rest) }] as const
  })
  return { filter, canonical: printFilter(filter), sql: Object.fromEntries(compiled) }
}

/** Sends the filter to a router whose adapter only records it. */
async function bound(text: string, type: 'User' | 'Group'): Promise<{ filter: Filter | undefined; detail: string }> {
  let filter: Filter | undefined
  const nothing = (): undefined => undefined
  const adapter = {
    create: (): Promise<never> => Promise.reject(new Error('Nothing is created here.')),
    get: nothing,
    replace: nothing,
    delete: () => false,
    list: (query: { readonly filter?: Filter | undefined }): readonly never[] => {
      filter = query.filter
      return []
    },
  }
  const scim = scimRouter({
    authenticate: nothing,
    resources: { User: { adapter }, Group: { adapter } },
  })
  const path = `/${type}s?filter=${encodeURIComponent(text)}`
  const { body } = await scim.as({ tenant: 'filter', actor: 'filter' }).request({ method: 'GET', path })
  const { detail } = propertiesOf(body)
  // The id of the request is of no use here: this router has no log.
  const told = typeof detail === 'string' ? detail.replace(/ \(request [\w-]+\)$/, '') : undefined
  return { filter, detail: told ?? 'The filter is decided without a call to an adapter.' }
}

/** An example of a table: a column for each single value, a JSON column for each list. */
function mappingFor(filter: Filter, type: string): TableMapping {
  const attributes: Record<string, string | { readonly json: string }> = {}
  visitFilter(filter, (node) => {
    if (!('attribute' in node)) return
    const top = topOf(node.attribute)
    if (top.multiValued) attributes[top.path] = { json: columnOf(top) }
    else attributes[node.attribute.path] = columnOf(node.attribute)
  })
  return { table: `${type.toLowerCase()}s`, attributes }
}

function topOf(attribute: Attribute): Attribute {
  return attribute.parent === undefined || attribute.parent.isExtension ? attribute : topOf(attribute.parent)
}

function columnOf({ path }: Attribute): string {
  const name = path.replace(/^urn:.*:/, '').replace(/\./g, '_')
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The tree as text, one node a line. */
export function treeOf(filter: Filter, indent = ''): string {
  const deeper = `${indent}  `
  switch (filter.kind) {
    case 'compare':
      return `${indent}${filter.attribute.path} ${filter.operator} ${JSON.stringify(filter.value)}  (${typeOf(filter.attribute)})`
    case 'present':
      return `${indent}${filter.attribute.path} pr  (${typeOf(filter.attribute)})`
    case 'not':
      return `${indent}not\n${treeOf(filter.filter, deeper)}`
    case 'valuePath':
      return `${indent}one value of ${filter.attribute.path}\n${treeOf(filter.filter, deeper)}`
    default:
      return [`${indent}${filter.kind}`, ...filter.filters.map((one) => treeOf(one, deeper))].join('\n')
  }
}

function typeOf({ type, caseExact, multiValued }: Attribute): string {
  const words = [type, type === 'string' && (caseExact ? 'with its case' : 'in any case'), multiValued && 'a list']
  return words.filter(Boolean).join(', ')
}
