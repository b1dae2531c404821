import { ScimError } from '../../error.js'
import { findAttribute } from '../../filter/find.js'
import { parseFilter } from '../../filter/parse.js'
import { resolveFilter } from '../../filter/resolve.js'
import { isObject } from '../../is-object.js'
import { type PatchTarget, parsePath, resolvePath } from '../../patch/path.js'
import { coreType } from '../../schema/core/core-types.js'
import { type ExtensionEntry, extensionOf, type ResourceSchema, resourceSchema } from '../../schema/define/schema.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { SchemaDefinition } from '../../schema/model/definition.js'
import { schemaWithout } from './omitted.js'
import type { Expectation, Sequence, Step } from './sequence.js'

/** The part of a resource type of RFC 7643 section 4 that a service supports. */
export interface ServedType {
  /** Not read: with it the entries of scimRouter can be given as they are. */
  readonly adapter?: unknown
  /**
   * Base schema.
   *
   * @defaultValue that of RFC 7643
   */
  readonly schema?: SchemaDefinition
  /** Default for `User` without `schema`: EnterpriseUser. */
  readonly extensions?: readonly ExtensionEntry[]
  /** Paths of attributes that the store does not keep although the schema has them: `['ims', 'emails.display']`. */
  readonly omit?: readonly string[]
}

/** The resource type of the recorded requests, and the part of it that the service supports. */
interface Narrowing {
  readonly whole: ResourceSchema
  readonly served: ResourceSchema
}

/**
 * A sequence as the client would send it if its administrator had mapped no attribute that the service lacks. Requests
 * and expectations lose such attributes, and steps that concern only them are left out. Names that the schemas of RFC
 * 7643 do not know either are kept, because every service must handle them.
 */
export function narrowSequence(sequence: Sequence, types: Readonly<Record<string, ServedType>>): Sequence {
  const narrowings = new Map(Object.entries(types).flatMap(([name, type]) => narrowingOf(name, type)))
  const lost = new Set<string>()
  const steps: Step[] = []
  for (const step of sequence.steps) {
    const narrowing = narrowings.get(/^\/([A-Za-z]+)/.exec(step.path)?.[1] ?? '')
    const kept = namesAny(step, lost)
      ? undefined
      : narrowing
        ? narrowStep(step, narrowing)
        : narrowDiscovery(step, narrowings)
    if (kept) steps.push(kept)
    for (const name of Object.keys(step.capture ?? {})) {
      if (kept?.capture?.[name] === undefined) lost.add(name)
      else lost.delete(name)
    }
  }
  const cleanup = sequence.cleanup?.filter((path) => !namesAny(path, lost))
  return { ...sequence, steps, ...(cleanup && { cleanup }) }
}

function narrowingOf(name: string, type: ServedType): readonly (readonly [string, Narrowing])[] {
  const core = coreType(name)
  // Recorded clients use no other resource types.
  if (core === undefined) return []
  const extensions = type.extensions ?? (type.schema ? [] : core.extensions)
  const whole = resourceSchema(core.schema, core.extensions.map(extensionOf))
  const served = schemaWithout(type.schema ?? core.schema, extensions.map(extensionOf), type.omit ?? [])
  return [[`${name}s`, { whole, served }]]
}

/** The expected schemas are smaller as well. Other checks verify that discovery is right. */
function narrowDiscovery(step: Step, narrowings: ReadonlyMap<string, Narrowing>): Step | undefined {
  const [, endpoint, urn] = /^\/(Schemas)(?:\/([^?]*))?/.exec(step.path) ?? []
  if (endpoint === undefined || narrowings.size === 0) return step
  const isGone = [...narrowings.values()].some(
    ({ whole, served }) => urn !== undefined && whole.urn(urn) !== undefined && served.urn(urn) === undefined,
  )
  if (isGone) return undefined
  const { status } = step.expect ?? {}
  return { ...step, ...(status !== undefined && { expect: { status } }) }
}

function namesAny(value: unknown, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false
  return [...JSON.stringify(value).matchAll(/\$\{(\w+)\}/g)].some(([, name = '']) => names.has(name))
}

function narrowStep(step: Step, narrowing: Narrowing): Step | undefined {
  const query = new URLSearchParams(step.path.split('?')[1] ?? '')
  const filter = query.get('filter')
  const sortBy = query.get('sortBy')
  if (
    filter !== null &&
    lacks(narrowing, (schema) => resolveFilter(parseFilter(filter, { tolerate }), schema, { tolerate }))
  )
    return undefined
  if (sortBy !== null && lacks(narrowing, (schema) => bindPath(sortBy, schema))) return undefined
  const body = isObject(step.body) ? narrowBody(step.body, narrowing) : step.body
  if (body === undefined && step.body !== undefined) return undefined
  // The step expects a refusal, but its reason may be among the removed attributes.
  const refused = [step.expect?.status ?? []].flat().includes(400)
  if (refused && JSON.stringify(body) !== JSON.stringify(step.body)) return undefined
  const capture = Object.entries(step.capture ?? {}).filter(([, source]) => !isLacking(source, narrowing))
  return {
    ...step,
    ...(body !== undefined && { body }),
    ...(step.expect && { expect: narrowExpectation(step.expect, narrowing) }),
    ...(step.capture && { capture: Object.fromEntries(capture) }),
  }
}

/** Narrows a resource or a PATCH; undefined if no operation of the PATCH is left. */
function narrowBody(body: Readonly<Record<string, unknown>>, narrowing: Narrowing): unknown {
  const { Operations: operations } = body
  if (!Array.isArray(operations)) return narrowResource(body, narrowing)
  const kept = operations.flatMap((operation) => narrowOperation(operation, narrowing) ?? [])
  return kept.length === 0 && operations.length > 0 ? undefined : { ...body, Operations: kept }
}

function narrowOperation(operation: unknown, narrowing: Narrowing): unknown {
  if (!isObject(operation)) return operation
  const { path, value } = operation
  if (typeof path !== 'string') {
    if (!isObject(value)) return operation
    const kept = narrowResource(value, narrowing)
    return Object.keys(kept).length === 0 && Object.keys(value).length > 0 ? undefined : { ...operation, value: kept }
  }
  if (lacks(narrowing, (schema) => bindPath(path, schema))) return undefined
  const attribute = targetOf(path, narrowing.whole)
  const served = targetOf(path, narrowing.served)
  if (!attribute || !served || value === undefined) return operation
  const kept = narrowValue(value, attribute, served)
  return kept === undefined ? undefined : { ...operation, value: kept }
}

function targetOf(path: string, schema: ResourceSchema): Attribute | undefined {
  const target = attempt(() => bindPath(path, schema))
  return target?.subAttribute ?? target?.attribute
}

/** Narrows the attributes of a resource. Keys may be paths, as in a PATCH without path. */
function narrowResource(
  resource: Readonly<Record<string, unknown>>,
  { whole, served }: Narrowing,
): Readonly<Record<string, unknown>> {
  const members = Object.entries(resource).flatMap(([key, value]) => {
    if (key === 'schemas' && Array.isArray(value)) {
      return [
        [key, value.filter((urn) => whole.urn(String(urn)) === undefined || served.urn(String(urn)) !== undefined)],
      ]
    }
    const attribute = targetOf(key, whole) ?? extensionNamed(key, whole)
    if (attribute === undefined) return [[key, value]]
    const kept = targetOf(key, served) ?? extensionNamed(key, served)
    const narrowed = kept && narrowValue(value, attribute, kept)
    return narrowed === undefined ? [] : [[key, narrowed]]
  })
  return Object.fromEntries(members)
}

/** Narrows the value of an attribute; undefined if all of it was removed. */
function narrowValue(value: unknown, whole: Attribute, served: Attribute): unknown {
  if (Array.isArray(value)) {
    const kept = value.map((one) => narrowValue(one, whole, served)).filter((one) => one !== undefined)
    return kept.length === 0 && value.length > 0 ? undefined : kept
  }
  if (!isObject(value) || whole.type !== 'complex') return value
  const kept = Object.entries(value).flatMap(([key, part]) => {
    const attribute = whole.subAttribute(key)
    if (attribute === undefined) return [[key, part]]
    const sub = served.subAttribute(key)
    const narrowed = sub && narrowValue(part, attribute, sub)
    return narrowed === undefined ? [] : [[key, narrowed]]
  })
  return kept.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(kept)
}

function extensionNamed(urn: string, { extensionAttributes }: ResourceSchema): Attribute | undefined {
  return extensionAttributes.find(({ name }) => name.toLowerCase() === urn.toLowerCase())
}

function narrowExpectation(expect: Expectation, narrowing: Narrowing): Expectation {
  const { bodySubset, lengths, notContains } = expect
  const kept = Object.entries(lengths ?? {}).filter(([path]) => !isLacking(path, narrowing))
  return {
    ...expect,
    ...(isObject(bodySubset) && { bodySubset: narrowAnswer(bodySubset, narrowing) }),
    ...(lengths && { lengths: Object.fromEntries(kept) }),
    ...(notContains && { notContains: notContains.filter(({ path }) => !isLacking(path, narrowing)) }),
  }
}

/** Narrows a resource or a list of resources. */
function narrowAnswer(body: Readonly<Record<string, unknown>>, narrowing: Narrowing): unknown {
  const { Resources: resources, ...others } = body
  const rest = narrowResource(others, narrowing)
  if (resources === undefined) return rest
  const narrowed = Array.isArray(resources)
    ? resources.map((one) => (isObject(one) ? narrowResource(one, narrowing) : one))
    : resources
  return { ...rest, Resources: narrowed }
}

/** Whether a path into an answer, such as `emails[0].value`, begins with an attribute that the service lacks. */
function isLacking(path: string, narrowing: Narrowing): boolean {
  const [, quoted, name] = /^(?:Resources\[\d+\]\.)?(?:\["([^"]*)"\]|([^.[\]]+))/.exec(path) ?? []
  const first = quoted ?? name ?? ''
  const find = (schema: ResourceSchema): void => {
    const found =
      findAttribute({ urn: undefined, name: first, sub: undefined }, schema) ?? extensionNamed(first, schema)
    if (found === undefined) throw unknownAttribute()
  }
  return lacks(narrowing, find)
}

/** Whether a name exists in the whole schema but not in the schema of the service. */
function lacks({ whole, served }: Narrowing, bind: (schema: ResourceSchema) => unknown): boolean {
  return succeeds(() => bind(whole)) && !succeeds(() => bind(served))
}

/** Recorded clients use deviations from the standard. */
const tolerate = (): boolean => true

function bindPath(path: string, schema: ResourceSchema): PatchTarget {
  const target = resolvePath(parsePath(path, { tolerate }), schema, { tolerate })
  if (target === undefined) throw unknownAttribute()
  return target
}

function unknownAttribute(): ScimError {
  return ScimError.invalidPath('There is no such attribute.')
}

function succeeds(work: () => unknown): boolean {
  return attempt(() => [work()]) !== undefined
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (ScimError.is(error)) return undefined
    throw error
  }
}
