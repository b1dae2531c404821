/**
 * A part of JSON Schema, and the TypeScript type of the values that it takes. The type is there for the compiler alone.
 */
export interface Schema<T = unknown> {
  readonly json: Readonly<Record<string, unknown>>
  readonly value?: T
}

/** The type of the values that a schema takes. */
export type ValueOf<S> = S extends Schema<infer T> ? T : never

/** A member that may be missing. */
export interface OptionalSchema<T> extends Schema<T> {
  readonly optional: true
}

type Shape = Readonly<Record<string, Schema | OptionalSchema<unknown>>>
type Simplify<T> = { [Name in keyof T]: T[Name] }
type ObjectOf<S extends Shape> = Simplify<
  { readonly [Name in keyof S as S[Name] extends OptionalSchema<unknown> ? never : Name]: ValueOf<S[Name]> } & {
    readonly [Name in keyof S as S[Name] extends OptionalSchema<unknown> ? Name : never]?: ValueOf<S[Name]> | undefined
  }
>

export function text(
  description?: string,
  more: { readonly min?: number; readonly max?: number } = {},
): Schema<string> {
  return {
    json: {
      type: 'string',
      ...(more.min !== undefined && { minLength: more.min }),
      ...(more.max !== undefined && { maxLength: more.max }),
      ...(description !== undefined && { description }),
    },
  }
}

/** A point in time, as RFC 3339 writes it. */
export function time(description?: string): Schema<string> {
  return { json: { type: 'string', format: 'date-time', ...(description !== undefined && { description }) } }
}

export function integer(
  description?: string,
  more: { readonly min?: number; readonly max?: number } = {},
): Schema<number> {
  return {
    json: {
      type: 'integer',
      ...(more.min !== undefined && { minimum: more.min }),
      ...(more.max !== undefined && { maximum: more.max }),
      ...(description !== undefined && { description }),
    },
  }
}

export function boolean(description?: string): Schema<boolean> {
  return { json: { type: 'boolean', ...(description !== undefined && { description }) } }
}

export function oneOf<const Word extends string>(words: readonly Word[], description?: string): Schema<Word> {
  return { json: { type: 'string', enum: words, ...(description !== undefined && { description }) } }
}

export function list<T>(
  of: Schema<T>,
  more: { readonly max?: number; readonly description?: string } = {},
): Schema<readonly T[]> {
  return {
    json: {
      type: 'array',
      items: of.json,
      ...(more.max !== undefined && { maxItems: more.max }),
      ...(more.description !== undefined && { description: more.description }),
    },
  }
}

/** An object with any names, whose values are alike. */
export function record<T>(of: Schema<T>, description?: string): Schema<Readonly<Record<string, T>>> {
  return { json: { type: 'object', additionalProperties: of.json, ...(description !== undefined && { description }) } }
}

/** Any JSON value. */
export function anything(description?: string): Schema<unknown> {
  return { json: { ...(description !== undefined && { description }) } }
}

export function optional<T>(schema: Schema<T>): OptionalSchema<T> {
  return { ...schema, optional: true }
}

/** An object with these members and no others. */
export function object<S extends Shape>(shape: S, description?: string): Schema<ObjectOf<S>> {
  const names = Object.keys(shape)
  const required = names.filter((name) => !isOptional(shape[name]))
  return {
    json: {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, shape[name]?.json])),
      ...(required.length > 0 && { required }),
      additionalProperties: false,
      ...(description !== undefined && { description }),
    },
  }
}

function isOptional(schema: Schema | OptionalSchema<unknown> | undefined): boolean {
  return schema !== undefined && 'optional' in schema
}
