import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { OpenApiDocument } from '../../src/index.js'

/** An answer over HTTP. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** An operation of a document. */
export interface Operation {
  readonly id: string
  readonly method: string
  /** With parts in braces. */
  readonly path: string
  readonly body: any
  readonly statuses: readonly string[]
  readonly parameters: readonly any[]
  readonly responses: Readonly<Record<string, any>>
}

/** Holds answers against a document. */
export class Judge {
  readonly operations: readonly Operation[]
  /** `User.get 200` for each answer that was seen. */
  readonly seen = new Set<string>()
  readonly #document: any
  readonly #ajv: Ajv2020
  readonly #validators = new Map<string, ValidateFunction>()

  constructor(document: OpenApiDocument) {
    this.#document = closed(document)
    this.#ajv = new Ajv2020({ strict: false, allErrors: true })
    addFormats.default(this.#ajv)
    this.#ajv.addSchema(this.#document, 'document')
    this.operations = Object.entries(document.paths).flatMap(([path, item]: [string, any]) =>
      ['get', 'put', 'post', 'patch', 'delete'].flatMap((method) => {
        if (item[method] === undefined) return []
        const { operationId: id, responses, requestBody, parameters = [] } = item[method]
        const body = requestBody?.content['application/scim+json'].schema
        return { id, method: method.toUpperCase(), path, body, responses, statuses: Object.keys(responses), parameters }
      }),
    )
  }

  /** Follows a reference. */
  resolve(value: any): any {
    if (typeof value?.$ref !== 'string') return value
    const parts: readonly string[] = value.$ref.slice(2).split('/')
    return this.resolve(parts.reduce((node, part) => node[part], this.#document))
  }

  /** The differences between an answer and the document. */
  problems({ id, responses }: Operation, { status, headers, body }: Answered): readonly string[] {
    this.seen.add(`${id} ${status}`)
    const told = this.resolve(responses[status])
    if (told === undefined) return [`${id}: ${status} is not in the document: ${JSON.stringify(body)}`]
    const name = `${id} ${status}`
    const absent = Object.entries(told.headers ?? {})
      .filter(([header, about]) => this.resolve(about).required && !headers.has(header))
      .map(([header]) => `${name}: no ${header}`)
    if (told.content === undefined) return [...absent, ...(body === undefined ? [] : [`${name}: a body`])]
    const type = String(headers.get('content-type'))
    const content = told.content[type]
    if (content === undefined) return [...absent, `${name}: Content-Type ${type}`]
    return [...absent, ...this.#errors(content.schema, body).map((error) => `${name}: ${error}`)]
  }

  /** Why a value does not fit a schema of the document, to which a reference is given. */
  #errors(schema: any, value: unknown): readonly string[] {
    const validate = this.#validators.get(schema.$ref) ?? this.#ajv.compile({ $ref: `document${schema.$ref}` })
    this.#validators.set(schema.$ref, validate)
    validate(value)
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }
}

/** The document, in which objects have only the members that it names: an answer must have no other members. */
function closed(document: OpenApiDocument): any {
  const close = (value: any): any => {
    if (Array.isArray(value)) return value.map(close)
    if (typeof value !== 'object' || value === null) return value
    const inner = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, close(part)]))
    return value.type === 'object' && value.properties !== undefined && value.required?.[0] !== 'primary'
      ? { ...inner, additionalProperties: false }
      : inner
  }
  return { ...document, components: close(document.components) }
}
