export { foldedText } from '../fields/folded-text.js'
export { type CompiledFilter, type CompileOptions, compileFilter } from './compile.js'
export { type CompiledList, compileList } from './compile-list.js'
export { compilePage, compileSort } from './compile-sort.js'
export type { CompiledSql, NamedSql } from './compiled.js'
export type { Dialect, Fold, JsonDialect } from './dialect.js'
export { identifier, join, raw, render, type SqlFragment, type SqlText, sql } from './fragment.js'
export type {
  AttributeMapping,
  ChildTableMapping,
  ColumnMapping,
  JsonMapping,
  ReferenceMapping,
  RowConditions,
  TableMapping,
} from './mapping.js'
export { mysql } from './mysql.js'
export { postgresql } from './postgresql.js'
export { sqlite } from './sqlite.js'
