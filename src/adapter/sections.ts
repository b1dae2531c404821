/** The sections of docs/adapters.md to which a fault of an adapter can refer: each is an anchor of the page. */
export const SECTIONS = [
  'create',
  'cursor',
  'delete',
  'drafts',
  'errors',
  'filter-and-order',
  'list',
  'missing',
  'page',
  'patch',
  'per-tenant',
  'replace',
  'stored',
  'transactions',
  'uniqueness',
  'versions',
] as const

/** A section of docs/adapters.md. */
export type Section = (typeof SECTIONS)[number]
