import type { Attribute } from '../../schema/model/attribute.js'
import type { Context } from '../request/context.js'
import { isPending } from '../request/pending.js'
import type { ResourceType } from '../setup/resource-type.js'
import { mayList } from './authorize.js'

/**
 * A reference tells a client no more about another resource than the client may read of it (RFC 7643 section 9.3,
 * decision A-143).
 */
interface ReferenceAccess {
  /** Whether it may list the types that the reference points to. */
  readonly list: boolean
  /** Whether it may also see by which names they are shown. */
  readonly display: boolean
}

/**
 * Asks, once for a request and type, whether the client may list the types that the attributes of a resource point to.
 * Code that shows or filters resources must wait for the answers: a resource without an answer is hidden.
 */
export function askAboutReferences(context: Context, { references }: ResourceType): void | Promise<void> {
  if (!canRefuse(context)) return undefined
  const pending: Promise<unknown>[] = []
  for (const reference of references) {
    for (const target of targetsOf(context, reference)) {
      const permission = context.isListable(target.name) === undefined && mayList(context, target)
      if (isPending(permission)) pending.push(permission)
    }
  }
  return pending.length === 0 ? undefined : Promise.all(pending).then(() => undefined)
}

/** Whether the client may read less than everything of the resources that the attributes of a resource point to. */
export function hidesReferences(context: Context, type: ResourceType): boolean {
  if (!canRefuse(context) && context.provider.options.access === undefined) return false
  return type.references.some((reference) => !referenceAccess(context, reference).display)
}

/**
 * Whether an attribute shows data of other resources that the client may not read there. The `value` of a reference
 * that can be written, such as `members.value`, belongs to the resource that holds it; a list that the server computes,
 * such as `groups`, belongs to the resources in it.
 */
export function tellsTooMuch(context: Context, { references }: ResourceType, attribute: Attribute): boolean {
  const reference = references.find((each) => each === attribute || each === attribute.parent)
  if (reference === undefined) return false
  const { list, display } = referenceAccess(context, reference)
  if (!list && reference.mutability === 'readOnly') return true
  return !display && attribute !== reference && isOfTarget(attribute)
}

function canRefuse({ provider, auth }: Context): boolean {
  return provider.options.authorize !== undefined || auth.permits !== undefined
}

function referenceAccess(context: Context, reference: Attribute): ReferenceAccess {
  const targets = targetsOf(context, reference)
  const list = !canRefuse(context) || targets.every(({ name }) => context.isListable(name) === true)
  return { list, display: list && targets.every((target) => showsNames(context, target)) }
}

/**
 * RFC 7643 section 7, referenceTypes: the possible targets of a reference. Without a type of this service, any type is
 * possible.
 */
export function targetsOf(
  { provider: { types, typesByName } }: Context,
  reference: Attribute,
): readonly ResourceType[] {
  const named = reference.subAttribute('$ref')?.referenceTypes ?? []
  return named.length === 0 ? types : named.flatMap((name) => typesByName.get(name) ?? [])
}

// RFC 7643 sections 4.1.1 and 4.2: display names are made of these. If a type has none of them, any text may be the
// display name.
const NAMES: readonly string[] = ['displayName', 'name', 'userName']

function showsNames({ provider, auth }: Context, { name: resourceType, schema }: ResourceType): boolean {
  const { access } = provider.options
  if (access === undefined) return true
  const texts = schema.root.subAttributes.filter(({ type, isExtension, returned }) => {
    return !isExtension && returned !== 'always' && (type === 'string' || type === 'complex')
  })
  const names = texts.filter(({ name }) => NAMES.includes(name))
  return (names.length > 0 ? names : texts).every(({ path }) => {
    const level = access({ attribute: path, resourceType, auth })
    return level === 'read' || level === 'write'
  })
}

/**
 * RFC 7643 section 2.4: `display` is the name of the other resource; read-only sub-attributes beside it come from there
 * too.
 */
function isOfTarget({ name, mutability }: Attribute): boolean {
  return name === 'display' || (mutability === 'readOnly' && !['value', '$ref', 'type'].includes(name))
}
