import type { ProposedWrite } from '../../adapter/contract/proposed-write.js'
import type { Awaitable, Draft, Identity, Stored, StoredRow } from '../../adapter/contract.js'
import { EVERYTHING } from '../../adapter/selections.js'
import { ScimError } from '../../error.js'
import { isAssigned, printer } from '../../patch/same.js'
import { ASSIGNED } from '../../schema/model/assigned.js'
import { type Attribute, topKey } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { attributeNamed } from '../../schema/projection/project.js'
import { settle } from '../../schema/resources/mutability.js'
import { isWithinUnreadable, unreadableAttributes, withoutUnreadable } from '../../schema/resources/unreadable.js'
import { valuesAt } from '../../schema/values/values.js'
import { SetupError } from '../../setup-error.js'
import { hasRule } from '../policy/has-rule.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'
import { collect } from '../store/collect.js'
import { readStored } from '../store/read-stored.js'

/** A write that the rule of the application is asked about. */
export type Proposal = (FromStored | FromRequest) & {
  readonly action: ProposedWrite['action']
  /** The top-level attributes that the request names; undefined: it may change any. */
  readonly touched?: ReadonlySet<string> | undefined
  /** The stored resource, if the router has read it already. */
  readonly stored?: Stored | undefined
  /** The attributes that the request sets, among those no client can read. */
  readonly given?: JsonObject | undefined
}

/** A write whose result depends on the stored resource. */
interface FromStored {
  readonly dependsOnStored: true
  readonly id: string
  /** The resource as it will be. */
  readonly after: (stored: Stored) => JsonObject
}

/** A write whose result the request alone decides. */
interface FromRequest {
  readonly dependsOnStored: false
  /** Undefined for a new resource. */
  readonly id: string | undefined
  /** The resource as it will be; undefined for a delete. */
  readonly after: () => JsonObject | undefined
}

/**
 * Asks the rules about a write, that of the identity and then that of the application: the one place where `validate`
 * acts. They are asked inside the transaction, once the request is known to be valid, right before the store gets the
 * write.
 *
 * @returns The resource that a rule has read, to which the write has to be bound; undefined if none was read.
 */
export async function askRule(context: Context, type: ResourceType, proposal: Proposal): Promise<Stored | undefined> {
  if (!hasRule(context)) return undefined
  const write = new Write(context, type, proposal)
  await ask('Key validate of the identity', context.auth.validate, write)
  await ask('Option validate', context.provider.options.validate, write)
  return write.read()
}

async function ask(
  name: string,
  rule: ((write: ProposedWrite) => Awaitable<void>) | undefined,
  write: Write,
): Promise<void> {
  const decision: unknown = await rule?.(write)
  // A rule that answers in place of throwing would let everything pass.
  if (decision !== false) return
  throw new SetupError('ERR_SCIM_OPTION', `${name} must throw a ScimError to refuse a write, got false.`)
}

/**
 * The versions that a write is bound to if a rule has read the stored resource: the version that the rule has read. The
 * version that a client names stays a condition of its own (RFC 7644 section 3.14).
 */
export function boundTo(
  { supports }: ResourceType,
  ifMatch: readonly string[] | undefined,
  seen: Stored | undefined,
): readonly string[] | undefined {
  if (seen === undefined || !supports.versions) return ifMatch
  const version = String(seen.meta?.version)
  if (ifMatch && !ifMatch.includes(version)) throw ScimError.preconditionFailed()
  return [version]
}

// Its members are functions without `this`, so that a rule may take them apart.
class Write implements ProposedWrite {
  readonly action: ProposedWrite['action']
  readonly resourceType: string
  readonly id: string | undefined
  readonly auth: Identity
  readonly tenant: string | undefined
  readonly transaction: unknown
  readonly #context: Context
  readonly #type: ResourceType
  readonly #proposal: Proposal
  #stored: Promise<Stored> | undefined
  #before: Promise<StoredRow | undefined> | undefined
  #after: Promise<Draft | undefined> | undefined

  constructor(context: Context, type: ResourceType, proposal: Proposal) {
    this.action = proposal.action
    this.resourceType = type.name
    this.id = proposal.id
    this.auth = context.auth
    this.tenant = context.auth.tenant
    this.transaction = context.transaction
    this.#context = context
    this.#type = type
    this.#proposal = proposal
  }

  get signal(): AbortSignal {
    return this.#context.signal
  }

  readonly before = (): Promise<StoredRow | undefined> => {
    this.#before ??= this.#findBefore()
    return this.#before
  }

  readonly after = (): Promise<Draft | undefined> => {
    this.#after ??= this.#findAfter()
    return this.#after
  }

  readonly changed = async (path: string): Promise<boolean> => {
    const attribute = attributeNamed(this.#type.schema, path)
    if (attribute === undefined || attribute.path === '') {
      throw new SetupError(
        'ERR_SCIM_OPTION',
        `Option validate asks whether "${path}" changes, which resource type ${this.#type.name} does not have.`,
      )
    }
    const top = topKey(attribute)
    const { action, touched, given } = this.#proposal
    // Values that the server assigns are no change by the client.
    if (attribute.mutability === 'readOnly' || ASSIGNED.has(top)) return false
    if (touched && !touched.has(top)) return false
    if (isWithinUnreadable(attribute)) {
      return action !== 'delete' && valuesAt(given, attribute.keys).some(isAssigned)
    }
    return print(await this.before(), attribute) !== print(await this.after(), attribute)
  }

  /** The resource that the rule has read, if it has read one. */
  async read(): Promise<Stored | undefined> {
    // A rule may go on without a resource that could not be read; the store will report the failure again.
    return this.#stored?.catch(() => undefined)
  }

  #read(id: string): Promise<Stored> {
    const { stored } = this.#proposal
    const read = async (): Promise<Stored> =>
      collect(stored ?? (await readStored(this.#context, this.#type, id, EVERYTHING)))
    this.#stored ??= read()
    return this.#stored
  }

  async #findBefore(): Promise<StoredRow | undefined> {
    if (this.#proposal.id === undefined) return undefined
    const { id, meta, ...rest } = await this.#read(this.#proposal.id)
    return { id: String(id), ...(meta && { meta }), ...this.#shown(rest) }
  }

  async #findAfter(): Promise<Draft | undefined> {
    const proposal = this.#proposal
    const resource = proposal.dependsOnStored ? proposal.after(await this.#read(proposal.id)) : proposal.after()
    if (resource === undefined) return undefined
    const { id: _id, meta: _meta, schemas: _schemas, ...rest } = resource
    return this.#shown(rest)
  }

  // RFC 7643 section 9.2: a password goes nowhere in clear text. The copy is the rule's own.
  #shown(resource: JsonObject): JsonObject {
    const readable = withoutUnreadable(resource, unreadableAttributes(this.#type.schema))
    return (settle(readable) as JsonObject | undefined) ?? {}
  }
}

/** The values of an attribute as a text that equal ones share, in whichever order. */
function print(resource: object | undefined, attribute: Attribute): string {
  return JSON.stringify(valuesAt(resource, attribute.keys).filter(isAssigned).map(printer(attribute)).sort())
}
