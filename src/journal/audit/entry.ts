/** A member that came to a resource or went from it. */
export interface AuditedMember {
  /** The HMAC of the id under the key of the tenant. It stays when the id is erased. */
  readonly person: string
  /** Undefined: the id was erased. */
  readonly id: string | undefined
}

/** One thing that was done. Entries of a tenant are a chain: each holds the hash of the one before. */
export interface AuditEntry {
  /** The tenant whose trail holds the entry; `''` if the service has no tenants. */
  readonly tenant: string
  /** 1, 2, 3: without a gap for each tenant. */
  readonly number: number
  /** When it was done. */
  readonly time: Date
  /** The action: `user.created`, `group.updated`, or a word of your own such as `looked`. */
  readonly action: string
  /** The subject of the identity that did it. Undefined: it was erased, or the identity had none. */
  readonly actor: string | undefined
  /** `'client'`, or the part of the application that made the request by `scim.as`. */
  readonly via: string
  /** The name of the request: `X-Request-Id`. */
  readonly requestId: string | undefined
  /** Name of the resource type; undefined for an entry about no resource. */
  readonly resourceType: string | undefined
  /** Undefined: it was erased, or there is none. */
  readonly resourceId: string | undefined
  /** An HMAC of the id of the resource under the key of the tenant. It stays when the id is erased. */
  readonly person: string | undefined
  /** Names of the attributes that changed. */
  readonly attributes: readonly string[]
  /** Undefined: no members changed, or more than `limits.memberEvents`. */
  readonly members: { readonly added: readonly AuditedMember[]; readonly removed: readonly AuditedMember[] } | undefined
  /** The reason, in the words of the actor. */
  readonly reason: string | undefined
  /** The hash of the entry before; `''` of the first. */
  readonly previous: string
  /** The hash of this entry, which the next one repeats as `previous`. */
  readonly hash: string
}
