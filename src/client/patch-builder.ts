/** The URI of the PATCH message, RFC 7644 section 3.5.2. */
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** One operation of a PATCH. */
export interface PatchStep {
  /** The operation. */
  readonly op: 'add' | 'remove' | 'replace'
  /** Path of the attribute or value that changes. Without it, `value` is an object of attributes. */
  readonly path?: string
  /** The value to add or to set. */
  readonly value?: unknown
}

/** The body of a PATCH. */
export interface PatchBody {
  /** The URI of the message: `urn:ietf:params:scim:api:messages:2.0:PatchOp`. */
  readonly schemas: readonly [typeof PATCH_OP]
  /** The operations, applied in order. */
  readonly Operations: readonly PatchStep[]
}

/**
 * Collects the operations of one PATCH, in the order in which the server applies them. Made by {@link patch}.
 *
 * The builder is immutable: each method returns a new one.
 */
export class PatchBuilder {
  /** The operations so far. */
  readonly operations: readonly PatchStep[]

  constructor(operations: readonly PatchStep[] = []) {
    this.operations = operations
  }

  /** Adds a value at a path, or several attributes at once: `add({ nickName: 'Babs' })`. */
  add(path: string, value: unknown): PatchBuilder
  add(attributes: Readonly<Record<string, unknown>>): PatchBuilder
  add(...given: readonly [string, unknown] | readonly [Readonly<Record<string, unknown>>]): PatchBuilder {
    return this.#with({ op: 'add', ...targetOf(given) })
  }

  /** Replaces the value at a path, or several attributes at once. */
  replace(path: string, value: unknown): PatchBuilder
  replace(attributes: Readonly<Record<string, unknown>>): PatchBuilder
  replace(...given: readonly [string, unknown] | readonly [Readonly<Record<string, unknown>>]): PatchBuilder {
    return this.#with({ op: 'replace', ...targetOf(given) })
  }

  /** Removes the value at a path: `remove('nickName')`, `remove('emails[type eq "home"]')`. */
  remove(path: string): PatchBuilder {
    return this.#with({ op: 'remove', path })
  }

  /** Adds resources to the members of a group. */
  addMembers(...ids: readonly string[]): PatchBuilder {
    if (ids.length === 0) return this
    return this.add(
      'members',
      ids.map((value) => ({ value })),
    )
  }

  /**
   * Removes resources from the members of a group, with one operation for each: a removal without a filter would remove
   * all members.
   */
  removeMembers(...ids: readonly string[]): PatchBuilder {
    return ids.reduce<PatchBuilder>((builder, id) => builder.remove(`members[value eq ${JSON.stringify(id)}]`), this)
  }

  /** The body to send. */
  toJSON(): PatchBody {
    return { schemas: [PATCH_OP], Operations: this.operations }
  }

  #with(step: PatchStep): PatchBuilder {
    return new PatchBuilder([...this.operations, step])
  }
}

/**
 * Begins a PATCH.
 *
 * @example
 * ```ts
 * import { patch, ScimClient } from 'express-scim/client'
 *
 * const scim = new ScimClient('https://app.example/scim/v2')
 * await scim.users.patch('2819c223', patch().replace('active', false).remove('emails[type eq "home"]'))
 * await scim.groups.patch('e9e30dba', patch().addMembers('2819c223').removeMembers('902c246b'))
 * ```
 */
export function patch(): PatchBuilder {
  return new PatchBuilder()
}

function targetOf(
  given: readonly [string, unknown] | readonly [Readonly<Record<string, unknown>>],
): Pick<PatchStep, 'path' | 'value'> {
  const [target, value] = given
  return typeof target === 'string' ? { path: target, value } : { value: target }
}
