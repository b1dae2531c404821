import type { ResourceAdapter } from './contract.js'

/** The shape of the identifiers of a resource type. */
export type IdShape = 'uuid' | 'integer' | RegExp

/** Whether a text can be an identifier. */
export type IdTest = (id: string) => boolean

/** Compiles the shape; undefined: any text may be an identifier. */
export function idTest(shape: IdShape | undefined): IdTest | undefined {
  if (shape === undefined) return undefined
  const pattern = typeof shape === 'string' ? ID_PATTERNS[shape] : whole(shape)
  return (id) => pattern.test(id)
}

/** The identifiers as databases write them: another notation is another identifier. */
export const ID_PATTERNS = {
  // RFC 7643 section 3.1: `id` is case exact, and RFC 9562 section 4 writes UUIDs in lower case.
  uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
  // Each number has one text, and fits into 64 bits.
  integer: /^(?:0|-?[1-9]\d{0,17})$/,
} as const

/** The expression must match the whole text. Flags that depend on the last match or on lines are dropped. */
function whole({ source, flags }: RegExp): RegExp {
  return new RegExp(`^(?:${source})$`, flags.replace(/[gmy]/g, ''))
}

/**
 * Answers a request with a malformed id without calling the adapter. RFC 7644 section 3.12, 404: "Specified resource
 * (e.g., User) or endpoint does not exist." Callbacks without an id are unchanged.
 */
export function withIdShape(adapter: ResourceAdapter, isId: IdTest): ResourceAdapter {
  const { patch } = adapter
  return {
    supports: adapter.supports,
    enforces: adapter.enforces,
    create: (draft, call) => adapter.create(draft, call),
    list: (query, call) => adapter.list(query, call),
    get: (id, call) => (isId(id) ? adapter.get(id, call) : undefined),
    replace: (id, draft, call) => (isId(id) ? adapter.replace(id, draft, call) : undefined),
    delete: (id, call) => (isId(id) ? adapter.delete(id, call) : false),
    ...(patch && {
      patch: (id, operations, call) => (isId(id) ? patch.call(adapter, id, operations, call) : undefined),
    }),
  }
}
