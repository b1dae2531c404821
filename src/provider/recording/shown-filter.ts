import { tolerant } from '../../compatibility.js'
import type { FilterValue, ParsedFilter } from '../../filter/ast.js'
import { findAttribute } from '../../filter/find.js'
import { parseFilter } from '../../filter/parse.js'
import { printFilter } from '../../filter/print.js'
import { parsePath } from '../../patch/path.js'
import type { AttributePath } from '../../schema/define/schema.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { ResourceType } from '../setup/resource-type.js'
import { form, UNKNOWN, type Viewer } from './viewer.js'

/** An attribute and the type that has it. */
interface OwnedAttribute {
  readonly attribute: Attribute
  readonly type: ResourceType
}

/** Where the names of a filter are looked up: in resource types, or between brackets in a complex attribute. */
type LookUp = (path: AttributePath) => OwnedAttribute | undefined

/** A filter in its own form: names that the schema knows, operators, and values as the viewer shows them. */
export function shownFilter(viewer: Viewer, text: unknown, types: readonly ResourceType[]): unknown {
  if (typeof text !== 'string') return viewer.word(text)
  try {
    return printFilter(shownTree(viewer, parseFilter(text, { tolerate: tolerant }), lookUpIn(types)))
  } catch {
    return `[filter, ${text.length}]`
  }
}

/** The path of a PATCH operation in its own form, and its target. */
export function shownPath(
  viewer: Viewer,
  text: string,
  type: ResourceType,
): { readonly shown: string; readonly attribute: Attribute | undefined } {
  // The URN of the base schema means no path (tolerance coreUrnPath), and so does nothing (emptyPath).
  if (text === '') return { shown: '', attribute: type.schema.root }
  const urn = type.schema.urn(text.replace(/:$/, ''))
  if (urn === type.schema.base.id) return { shown: urn, attribute: type.schema.root }
  if (urn !== undefined) {
    return { shown: urn, attribute: type.schema.extensionAttributes.find(({ name }) => name === urn) }
  }
  try {
    const { path, filter, sub } = parsePath(text, { tolerate: tolerant })
    const holder = lookUpIn([type])(path)
    if (holder === undefined) return { shown: UNKNOWN, attribute: undefined }
    const { attribute } = holder
    const brackets = filter && `[${printFilter(shownTree(viewer, filter, lookUpBelow(holder)))}]`
    const target = sub === undefined ? attribute : attribute.subAttribute(sub)
    const last = sub === undefined ? '' : `.${target?.name ?? UNKNOWN}`
    return { shown: `${attribute.path}${brackets ?? ''}${last}`, attribute: target }
  } catch {
    return { shown: `[path, ${text.length}]`, attribute: undefined }
  }
}

/** The name of an attribute as a query has it. */
export function shownName(text: string, types: readonly ResourceType[]): string {
  try {
    const { path } = parsePath(text.trim(), { tolerate: tolerant })
    return lookUpIn(types)(path)?.attribute.path ?? UNKNOWN
  } catch {
    return UNKNOWN
  }
}

function lookUpIn(types: readonly ResourceType[]): LookUp {
  return (path) => {
    for (const type of types) {
      const attribute = findAttribute(path, type.schema, tolerant)
      if (attribute) return { attribute, type }
    }
    return undefined
  }
}

function lookUpBelow({ attribute: holder, type }: OwnedAttribute): LookUp {
  return ({ name }) => {
    const attribute = holder.subAttribute(name) ?? (name.toLowerCase() === 'value' ? holder : undefined)
    return attribute && { attribute, type }
  }
}

function shownTree(viewer: Viewer, filter: ParsedFilter, lookUp: LookUp): ParsedFilter {
  switch (filter.kind) {
    case 'compare': {
      const found = lookUp(filter.attribute)
      const shown = found ? viewer.value(filter.value, found.attribute, found.type) : form(filter.value)
      return { ...filter, attribute: nameOf(filter.attribute, found), value: literalOf(shown) }
    }
    case 'present':
      return { ...filter, attribute: nameOf(filter.attribute, lookUp(filter.attribute)) }
    case 'valuePath': {
      const found = lookUp(filter.attribute)
      const inner = shownTree(viewer, filter.filter, found ? lookUpBelow(found) : () => undefined)
      return { ...filter, attribute: nameOf(filter.attribute, found), filter: inner }
    }
    case 'not':
      return { ...filter, filter: shownTree(viewer, filter.filter, lookUp) }
    default:
      return { ...filter, filters: filter.filters.map((each) => shownTree(viewer, each, lookUp)) }
  }
}

/** The name as it was written, if the schema has it. */
function nameOf(path: AttributePath, found: OwnedAttribute | undefined): AttributePath {
  return found ? path : { urn: undefined, name: UNKNOWN, sub: undefined }
}

function literalOf(shown: unknown): FilterValue {
  if (shown === null || typeof shown === 'number' || typeof shown === 'boolean') return shown
  return typeof shown === 'string' ? shown : JSON.stringify(shown)
}
