import { type Checks, checkGiven, oneOf, required, TEXT } from '../check-options.js'
import { type Route, routeEntries } from './contract/routes.js'
import { failure } from './contract/shapes.js'

/** Options of {@link pagesOpenApi}. */
export interface PagesOpenApiOptions {
  /** Whose pages: those for customers, or those for staff, where a tenant stands in most paths. */
  readonly audience: 'customer' | 'staff'
  /** Where the pages are mounted: `https://app.example/settings/scim`. */
  readonly url: string
}

const OPTIONS: Checks<keyof PagesOpenApiOptions> = {
  audience: required(oneOf('customer', 'staff')),
  url: required(TEXT),
}

type Json = Readonly<Record<string, unknown>>

/**
 * An OpenAPI 3.1 document of the JSON API under the pages, made from the table that answers it.
 *
 * @example
 * ```ts
 * import { pagesOpenApi } from 'express-scim/pages'
 *
 * const document = pagesOpenApi({ audience: 'customer', url: 'https://app.example/settings/scim' })
 * ```
 */
export function pagesOpenApi(options: PagesOpenApiOptions): Json {
  checkGiven(options, OPTIONS, { owner: 'pagesOpenApi', code: 'ERR_SCIM_OPTION', section: 'pages.md' })
  const { audience, url } = options
  const paths: Record<string, Record<string, Json>> = {}
  for (const [name, route] of routeEntries) {
    if (audience === 'customer' && route.audience === 'staff') continue
    const prefix = audience === 'staff' && route.scope === 'tenant' ? 'tenants/{tenant}/' : ''
    const path = `/api/${prefix}${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(name, route, path, audience) }
  }
  return {
    openapi: '3.1.0',
    info: { title: `SCIM pages for ${audience === 'staff' ? 'staff' : 'customers'}`, version: '1' },
    servers: [{ url }],
    paths,
    components: { schemas: { Failure: failure.json } },
  }
}

function operationOf(name: string, route: Route, path: string, audience: string): Json {
  const header = (of: string, description: string) => ({
    name: of,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  })
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, of]) => ({
      name: of,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...queryOf(route),
    ...(route.method === 'GET' ? [] : [header('X-Scim-Pages', 'Always 1.')]),
    ...(audience === 'staff' && route.reason
      ? [header('X-Scim-Reason', 'Why, percent-encoded. The tenant reads it.')]
      : []),
  ]
  const needs = route.can === 'any' ? '' : ` Needs \`${route.can}\`.`
  return {
    operationId: name,
    summary: route.summary,
    description: `${route.summary}${needs}${route.confirm ? ' The application may ask to confirm it.' : ''}`,
    parameters,
    ...(route.body && { requestBody: { required: true, content: contentOf(route.body.json) } }),
    responses: {
      [route.status]: { description: 'Done.', content: contentOf(route.answer.json) },
      default: { description: 'It was refused.', content: contentOf({ $ref: '#/components/schemas/Failure' }) },
    },
  }
}

function queryOf({ query }: Route): readonly Json[] {
  const { properties = {} } = (query?.json ?? {}) as { readonly properties?: Readonly<Record<string, Json>> }
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))
}

function contentOf(schema: Json): Json {
  return { 'application/json': { schema } }
}
