import type { AttributePath } from '../schema/define/schema.js'
import type { Attribute } from '../schema/model/attribute.js'

/** Comparison operators, RFC 7644 section 3.4.2.2 (Table 3), without `pr`. */
export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le'

/** The values with which an attribute can be compared. */
export type FilterValue = string | number | boolean | null

/**
 * A filter as a tree of frozen nodes; `kind` tells the types of node apart. `Of` is the type of the attribute in a
 * node: an {@link Attribute} if the filter is bound to a schema, as adapters receive it.
 */
export type Filter<Of = Attribute> =
  | CompareFilter<Of>
  | PresentFilter<Of>
  | ValuePathFilter<Of>
  | LogicalFilter<Of>
  | NotFilter<Of>

/** `attribute operator value` */
export interface CompareFilter<Of = Attribute> {
  /** Tells the kinds of filters apart. */
  readonly kind: 'compare'
  /** The attribute whose values are compared. */
  readonly attribute: Of
  /** The operator: `eq`, `co`. */
  readonly operator: Operator
  /** The value of the filter, with the type of the attribute. */
  readonly value: FilterValue
}

/** `attribute pr` */
export interface PresentFilter<Of = Attribute> {
  /** Tells the kinds of filters apart. */
  readonly kind: 'present'
  /** The attribute that must have a value. */
  readonly attribute: Of
}

/**
 * `attribute[filter]`: one value of the attribute satisfies the whole filter, whose attributes are sub-attributes of
 * it.
 */
export interface ValuePathFilter<Of = Attribute> {
  /** Tells the kinds of filters apart. */
  readonly kind: 'valuePath'
  /** The complex attribute in front of the brackets. */
  readonly attribute: Of
  /** The filter between the brackets. */
  readonly filter: Filter<Of>
}

/** `filter and filter …`, `filter or filter …`: at least two filters. */
export interface LogicalFilter<Of = Attribute> {
  /** Whether all filters must match, or one of them. */
  readonly kind: 'and' | 'or'
  /** The filters that are joined. */
  readonly filters: readonly Filter<Of>[]
}

/** `not (filter)` */
export interface NotFilter<Of = Attribute> {
  /** Tells the kinds of filters apart. */
  readonly kind: 'not'
  /** The filter that must not match. */
  readonly filter: Filter<Of>
}

/** A filter as it was written, before its names are looked up in a schema. */
export type ParsedFilter = Filter<AttributePath>
