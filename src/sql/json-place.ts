import type { Attribute } from '../schema/model/attribute.js'
import type { Dialect, JsonDialect } from './dialect.js'
import { type SqlFragment, sql } from './fragment.js'
import type { Operand } from './operand.js'
import type { AttributePlace, ListPlace } from './place.js'

/** The kind of simple values in a document: comparison keys, or the values themselves. */
export type DocumentForm = 'keys' | 'values'

/** The attributes in a JSON document that has the shape of a resource, or in a part of it. */
export function jsonPlace(
  dialect: Dialect,
  document: SqlFragment,
  form: DocumentForm,
  path: readonly string[] = [],
): AttributePlace {
  const json = jsonDialect(dialect, form)
  return {
    value: (attribute) => jsonOperand(dialect, document, form, attribute, pathTo(path, attribute)),
    object: (attribute) => {
      const inner = pathTo(path, attribute)
      return {
        place: jsonPlace(dialect, document, form, inner),
        present: () => sql`${json.value(document, inner)} IS NOT NULL`,
      }
    },
    list: (attribute, alias) => jsonList(dialect, document, form, pathTo(path, attribute), alias),
  }
}

/** The elements of an array in a document. */
export function jsonList(
  dialect: Dialect,
  document: SqlFragment,
  form: DocumentForm,
  path: readonly string[],
  alias: string,
): ListPlace {
  const json = jsonDialect(dialect, form)
  return {
    from: json.elements(document, path, alias),
    where: json.isElement?.(alias),
    element: elementPlace(dialect, alias, form),
  }
}

function elementPlace(dialect: Dialect, alias: string, form: DocumentForm): AttributePlace {
  const json = jsonDialect(dialect, form)
  const place = jsonPlace(dialect, json.element(alias), form)
  return {
    ...place,
    value: (attribute) => {
      const isElement = attribute.multiValued && attribute.type !== 'complex'
      return isElement ? jsonOperand(dialect, json.simple(alias), form, attribute, []) : place.value(attribute)
    },
  }
}

/** The comparison key of an attribute at a path of a document; undefined if it must be computed from the values. */
export function jsonOperand(
  dialect: Dialect,
  document: SqlFragment,
  form: DocumentForm,
  attribute: Attribute,
  path: readonly string[],
): Operand | undefined {
  const json = jsonDialect(dialect, form)
  switch (attribute.type) {
    case 'boolean':
      return { sql: json.boolean(document, path), type: 'boolean' }
    case 'integer':
    case 'decimal':
      return { sql: json.number(document, path), type: 'number' }
    case 'dateTime':
      return form === 'keys' ? { sql: json.text(document, path), type: 'instantText' } : undefined
    case 'binary':
      return form === 'keys' ? { sql: json.text(document, path), type: 'text' } : undefined
    case 'complex':
      return undefined
    default: {
      const text = json.text(document, path)
      if (form === 'keys' || attribute.caseExact) return { sql: text, type: 'text', asSent: form === 'values' }
      return { sql: dialect.fold(text), type: 'text', folded: true }
    }
  }
}

/** How documents of that form are looked into. */
export function jsonDialect(dialect: Dialect, form: DocumentForm): JsonDialect {
  return (form === 'keys' && dialect.keys) || dialect.json
}

function pathTo(path: readonly string[], attribute: Attribute): readonly string[] {
  return [...path, attribute.name]
}
