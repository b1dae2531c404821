import type { Call, Identity, ResourceAdapter } from '../../adapter/contract.js'
import { idTest, withIdShape } from '../../adapter/id-shape.js'
import { SetupError } from '../../setup-error.js'
import type { Surroundings } from './caller.js'
import { type KeptPart, keptBy } from './kept.js'
import type { AdapterChecksOptions, CheckedAdapter, CheckedResourceType } from './options.js'
import { type Subject, subjectOf } from './subject.js'
import { ContractViolation } from './violation.js'

/** The state that the checks of one call share. */
export interface Kit {
  readonly options: AdapterChecksOptions
  readonly subjects: ReadonlyMap<string, Subject>
  readonly identities: readonly [Identity] | readonly [Identity, Identity]
  readonly surroundings: Surroundings
  /** The number of values of a large attribute. */
  readonly members: number
  /** The attributes of a type that the store keeps, determined once. */
  readonly keptOf: (subject: Subject) => Promise<KeptPart>
}

const IDENTITIES = [{ tenant: 'kit-a' }, { tenant: 'kit-b' }] as const

/** Makes the kit of the options. Throws a {@link SetupError} if they cannot be checked. */
export function kitOf(options: AdapterChecksOptions): Kit {
  const { create, timeout = 5_000, members = 1_000, identities = IDENTITIES } = options
  const types = Object.entries(options.resourceTypes)
  if (types.length === 0)
    throw new SetupError('ERR_SCIM_RESOURCE_TYPE', 'Option resourceTypes must name at least one type.')
  let made: Promise<Readonly<Record<string, CheckedAdapter>>> | undefined
  const makeAll = async () => {
    made ??= Promise.resolve(create?.() ?? {})
    return made
  }
  const subjects = types.map(([name, type]) => {
    if (type.adapter === undefined && create === undefined) {
      throw new SetupError(
        'ERR_SCIM_ADAPTER',
        `Resource type ${name} must have an adapter, or the option create must make one.`,
      )
    }
    const isId = idTest(type.ids)
    const adapter = async (call: Call): Promise<ResourceAdapter> => {
      const given = type.adapter ?? (await makeAll())[name]
      if (given === undefined) throw new ContractViolation(`create() made no adapter of ${name}`, 'create')
      const found = (typeof given === 'function' ? given(call as never) : given) as ResourceAdapter
      return isId ? withIdShape(found, isId) : found
    }
    return [name, subjectOf(name, type, supportsOf(type), adapter)] as const
  })
  const { params, request, transaction, mapError } = options
  const surroundings = { timeout, params, request, transaction, mapError } as Surroundings
  const kept = new Map<string, Promise<KeptPart>>()
  const keptOf = (subject: Subject): Promise<KeptPart> => {
    const known = kept.get(subject.name) ?? keptBy(kit, subject)
    kept.set(subject.name, known)
    return known
  }
  const kit: Kit = { options, subjects: new Map(subjects), identities, surroundings, members, keptOf }
  return kit
}

/** The abilities of an adapter: declared by the entry, or by the adapter if it exists already. */
function supportsOf({ supports, adapter }: CheckedResourceType) {
  return supports ?? (typeof adapter === 'object' ? adapter.supports : undefined) ?? {}
}
