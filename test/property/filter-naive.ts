import type { Operator, ParsedFilter } from '../../src/filter/ast.js'

/** The facts about an attribute for the evaluator below: its type, and whether letter case counts. */
export type Kind = 'text' | 'exact' | 'number' | 'boolean' | 'dateTime'

/** The attributes of the schema it works on, by path, as RFC 7643 section 4.1 has them. */
export const KINDS: Readonly<Record<string, Kind>> = {
  userName: 'text',
  externalId: 'exact',
  title: 'text',
  active: 'boolean',
  'name.givenName': 'text',
  'name.familyName': 'text',
  'meta.created': 'dateTime',
  'emails.value': 'text',
  'emails.type': 'text',
  'emails.primary': 'boolean',
  levels: 'number',
  tags: 'text',
}

type Json = Readonly<Record<string, unknown>>

/**
 * Whether a resource meets a filter, worked out the slow way: the cells of a table are listed for each attribute, one
 * for each value of a multi-valued attribute, `undefined` where a value has no such sub-attribute.
 */
export function meets(filter: ParsedFilter, resource: Json, prefix = ''): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.filter((each) => meets(each, resource, prefix)).length === filter.filters.length
    case 'or':
      return filter.filters.filter((each) => meets(each, resource, prefix)).length > 0
    case 'not':
      return meets(filter.filter, resource, prefix) === false
    case 'valuePath': {
      const { name } = filter.attribute
      return elements(resource[name]).filter((element) => meets(filter.filter, { [name]: [element] }, name)).length > 0
    }
    case 'present':
      return cells(resource, pathOf(filter.attribute, prefix)).filter((cell) => !isEmpty(cell)).length > 0
    case 'compare': {
      const path = pathOf(filter.attribute, prefix)
      const table = cells(resource, path)
      const { operator, value } = filter
      if (value === null)
        return (operator === 'ne') === table.some((cell) => cell !== undefined) || hasGap(table, operator)
      if (table.length === 0) return operator === 'ne'
      return table.some((cell) => compare(path, cell, operator, value))
    }
  }
}

/** Some of several values have no such sub-attribute: these values are equal to null, though others are not. */
function hasGap(table: readonly unknown[], operator: Operator): boolean {
  return operator === 'eq' && table.includes(undefined)
}

function pathOf({ name, sub }: { readonly name: string; readonly sub: string | undefined }, prefix: string): string {
  const own = sub === undefined ? name : `${name}.${sub}`
  return prefix === '' ? own : prefix === 'tags' || prefix === 'levels' ? prefix : `${prefix}.${own}`
}

function elements(value: unknown): unknown[] {
  return [value].flat().filter((each) => each !== undefined && each !== null)
}

function cells(resource: Json, path: string): unknown[] {
  const [name = '', sub] = path.split('.')
  const found = elements(resource[name])
  return sub === undefined ? found : found.map((each) => (each as Json)[sub] ?? undefined)
}

function isEmpty(cell: unknown): boolean {
  if (typeof cell === 'object' && cell !== null && !(cell instanceof Date)) return Object.values(cell).every(isEmpty)
  return cell === undefined || cell === null || cell === ''
}

function compare(path: string, cell: unknown, operator: Operator, literal: unknown): boolean {
  if (cell === undefined) {
    if (path !== 'emails.primary') return operator === 'ne'
    return compare(path, false, operator, literal)
  }
  const kind = KINDS[path] as Kind
  const [left, right] = [comparable(kind, cell), comparable(kind, literal)]
  const order = JSON.stringify(left) === JSON.stringify(right) ? 0 : isBefore(left, right) ? -1 : 1
  switch (operator) {
    case 'eq':
      return order === 0
    case 'ne':
      return order !== 0
    case 'gt':
      return order > 0
    case 'ge':
      return order >= 0
    case 'lt':
      return order < 0
    case 'le':
      return order <= 0
    default: {
      const escaped = String(right).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      const pattern = { co: escaped, sw: `^${escaped}`, ew: `${escaped}$` }[operator]
      return new RegExp(pattern, 'su').test(String(left))
    }
  }
}

function comparable(kind: Kind, value: unknown): unknown {
  if (kind === 'dateTime') return new Date(value as string).getTime()
  if (kind === 'text') return String(value).normalize('NFD').toUpperCase().toLowerCase().normalize('NFC')
  return kind === 'exact' ? String(value).normalize('NFC') : value
}

function isBefore(left: unknown, right: unknown): boolean {
  if (typeof left !== 'string') return Number(left) < Number(right)
  const [a, b] = [Array.from(left), Array.from(String(right))].map((letters) =>
    letters.map((letter) => letter.codePointAt(0) ?? 0),
  )
  const place = (a as number[]).findIndex((code, index) => code !== b?.[index])
  if (place === -1) return (a as number[]).length < (b as number[]).length
  return place < (b as number[]).length && ((a as number[])[place] as number) < ((b as number[])[place] as number)
}
