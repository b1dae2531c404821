import type { Tolerate } from '../compatibility.js'
import { ScimError } from '../error.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { AttributeType } from '../schema/model/definition.js'
import { readInstant } from '../schema/values/date-time.js'
import { readNumberText } from '../schema/values/number-text.js'
import type { FilterValue, Operator } from './ast.js'
import { isLiteralWord } from './lex.js'

const EQUALITY: readonly Operator[] = ['eq', 'ne']
const ORDER: readonly Operator[] = [...EQUALITY, 'gt', 'ge', 'lt', 'le']
const ALL: readonly Operator[] = [...ORDER, 'co', 'sw', 'ew']

// RFC 7644 section 3.4.2.2, gt to le: "Boolean and Binary attributes SHALL cause a failed response (HTTP status code
// 400) with "scimType" of "invalidFilter"". The operators for parts of a text need a text value (decisions A-05, A-06).
const OPERATORS: Readonly<Record<AttributeType, readonly Operator[]>> = {
  string: ALL,
  reference: ALL,
  dateTime: ORDER,
  integer: ORDER,
  decimal: ORDER,
  boolean: EQUALITY,
  binary: EQUALITY,
  complex: [],
}

/** Throws 400 invalidFilter for an operator that null does not support: null stands for "no value" (decision A-02). */
export function checkNullOperator(operator: Operator, value: FilterValue): void {
  if (value === null && !EQUALITY.includes(operator)) {
    throw ScimError.invalidFilter(`The operator "${operator}" cannot be used with null.`)
  }
}

/**
 * Throws 400 invalidFilter for an operator that the type of the attribute does not support, even if no resource has a
 * value.
 */
export function checkOperator(operator: Operator, attribute: Attribute): void {
  if (OPERATORS[attribute.type].includes(operator)) return
  throw ScimError.invalidFilter(
    `The operator "${operator}" cannot be used with attribute "${attribute.path}", which is of type ${attribute.type}.`,
    { attribute: attribute.path },
  )
}

/**
 * The value of a literal in the type of the attribute; throws 400 invalidFilter if it is of another type (decision
 *
 *
 * @param written The text of the literal, if its value alone does not show how it was written.
 */
export function readLiteral(
  value: FilterValue,
  written: string | undefined,
  attribute: Attribute,
  tolerate: Tolerate,
): FilterValue {
  if (value === null) return value
  if (written !== undefined && isBareWord(value, written)) return readLiteralWord(written, attribute, tolerate)
  switch (attribute.type) {
    case 'string':
    case 'reference':
      if (typeof value === 'string') return value
      if (typeof value === 'number' && tolerate('numberForText', attribute.path)) return written ?? String(value)
      break
    case 'binary':
      if (typeof value === 'string' && written === undefined) return value
      break
    case 'dateTime':
      if (typeof value === 'string' && readInstant(value) !== undefined) return value
      break
    case 'boolean':
      if (typeof value === 'boolean') return value
      // Decision A-17: a word without quotes counts as a text only if the attribute holds text.
      if (typeof value === 'string' && written === undefined && /^(?:true|false)$/i.test(value)) {
        if (tolerate('booleanText', attribute.path)) return value.toLowerCase() === 'true'
      }
      break
    default:
      if (typeof value === 'number') return value
      if (typeof value === 'string' && written === undefined) {
        const number = readNumberText(value)
        if (number !== undefined && tolerate('numberText', attribute.path)) return number
      }
  }
  throw wrongLiteral(attribute)
}

/** Whether a value is TRUE, False or Null, without quotes and in another letter case than JSON has it. */
export function isBareWord(value: FilterValue, written: string | undefined): boolean {
  return typeof value === 'string' && value === written && isLiteralWord(value)
}

/**
 * TRUE, False or Null without quotes (RFC 8259 section 3 allows only lower case). For an attribute that holds text
 * these words are texts, since there are people whose name is Null; only NULL is the literal null (decision A-17).
 */
function readLiteralWord(word: string, attribute: Attribute, tolerate: Tolerate): FilterValue {
  const lower = word.toLowerCase()
  const { type, path } = attribute
  if (type === 'string' || type === 'reference') {
    if (word === NULL_WORD && tolerate('literalCase', path)) return null
    if (tolerate('unquotedText', path)) return word
  } else if (lower === 'null' ? tolerate('literalCase', path) : type === 'boolean' && tolerate('literalCase', path)) {
    return lower === 'null' ? null : lower === 'true'
  }
  throw wrongLiteral(attribute)
}

/** The word without quotes that means null for an attribute of any type. */
export const NULL_WORD = 'NULL'

function wrongLiteral({ path, type }: Attribute): ScimError {
  const detail = `Attribute "${path}" is of type ${type}; it must be compared with ${EXPECTED[type]}.`
  return ScimError.invalidFilter(detail, { attribute: path })
}

const EXPECTED: Readonly<Record<AttributeType, string>> = {
  string: 'a string in double quotes',
  reference: 'a URI in double quotes',
  binary: 'base64 text in double quotes',
  dateTime: 'a date and time such as "2011-05-13T04:42:34Z"',
  boolean: 'true or false without quotes',
  integer: 'a number',
  decimal: 'a number',
  complex: 'a sub-attribute',
}
