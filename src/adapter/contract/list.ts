import type { Filter } from '../../filter/ast.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { Json } from '../../schema/model/definition.js'
import type { Resource } from '../../schema/model/resource.js'
import type { KnownText, PathIn } from './known-paths.js'
import type { Stored } from './stored.js'

/** The query of a list. */
export type ListQuery<R = Resource> = ListQueryBase<R> & (IndexPagination | CursorPagination)

interface ListQueryBase<R> {
  /** Return only resources that satisfy this filter; undefined: all. */
  readonly filter: Filter | undefined
  /** The sort order; undefined: any order that is stable between pages (decision A-125). */
  readonly sort: Sort | undefined
  /** The most resources to return; 0 requests only the total. */
  readonly count: number
  /**
   * The value that the filter requires for a simple attribute, named by its path (`'userName'`, `'emails.value'`);
   * undefined if it requires none. Every match has it. The value is text as the client wrote it: if the attribute is
   * not caseExact, look it up without regard to letter case.
   */
  equals<const Path extends string>(attribute: KnownText<Path, PathIn<R>>): string | undefined
}

/** RFC 7644 section 3.4.2.4. */
interface IndexPagination {
  readonly pagination: 'index'
  /** The position of the first resource, counted from 1. */
  readonly startIndex: number
}

/** RFC 9865. */
interface CursorPagination {
  readonly pagination: 'cursor'
  /** A position that an earlier page returned as `next`: return the page that begins after it. */
  readonly after?: Json | undefined
  /** A position that an earlier page returned as `previous`: return the page that ends before it. */
  readonly before?: Json | undefined
}

/** RFC 7644 section 3.4.2.3: resources without a value come last when ascending, first when descending. */
export interface Sort {
  /** The attribute by which resources are ordered. */
  readonly attribute: Attribute
  /** The direction; ascending if the client names none. */
  readonly order: 'ascending' | 'descending'
}

/** The requested page: filtered, sorted and cut by the store. */
export type Page<R = Resource> = IndexPage<R> | CursorPage<R>

/** A page by index. */
export interface IndexPage<R = Resource> {
  /** The resources of the page, in order: at most `query.count`. */
  readonly resources: Iterable<Stored<R>>
  /** The number of all matches, RFC 7644 section 3.4.2. */
  readonly totalResults: number
}

/** A page by cursor. A position is any JSON value; the router encrypts it. */
export interface CursorPage<R = Resource> {
  /** The resources of the page, in order: at most `query.count`. */
  readonly resources: Iterable<Stored<R>>
  /** The position where the next page begins; undefined on the last page. */
  readonly next?: Json | undefined
  /** The position where the previous page ends; undefined on the first page. */
  readonly previous?: Json | undefined
  /** Optional, because it may be costly to compute: RFC 9865 section 2. */
  readonly totalResults?: number | undefined
}

/**
 * Resources that include every match, and may include others: the router filters, sorts and pages them. It holds no
 * more resources than the page needs, and answers 400 tooMany beyond the scan budget.
 */
export type Candidates<R = Resource> = Iterable<Stored<R>> | AsyncIterable<Stored<R>>
