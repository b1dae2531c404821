import type { Exchange } from '../../../client/index.js'
import { isObject } from '../../../is-object.js'

/** Schemas of messages and discovery: such objects are no resources of the application. */
const OPEN = /^urn:ietf:params:scim:(api:|schemas:core:2\.0:(Schema|ResourceType|ServiceProviderConfig)$)/i

const HIDDEN = '[a resource that this run did not create]'

/** An exchange without the people of the application: a resource is shown only if it contains the mark of the run. */
export function withoutForeign(exchange: Exchange, mark: string): Exchange {
  const { answer } = exchange
  if (answer?.body === undefined) return exchange
  const body = hide(answer.body, mark)
  return { ...exchange, answer: { ...answer, body, text: JSON.stringify(body) } }
}

function hide(value: unknown, mark: string): unknown {
  if (Array.isArray(value)) return value.map((one) => hide(one, mark))
  if (!isObject(value)) return value
  const { schemas } = value
  const open = Array.isArray(schemas) && schemas.some((uri) => OPEN.test(String(uri)))
  if (!open && isResource(value) && !JSON.stringify(value).toLowerCase().includes(mark)) return HIDDEN
  if (!Array.isArray(value.Resources)) return value
  return { ...value, Resources: value.Resources.map((one) => hide(one, mark)) }
}

function isResource(value: Readonly<Record<string, unknown>>): boolean {
  return 'id' in value || 'userName' in value || 'displayName' in value
}
