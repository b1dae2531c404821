/** A member that came to a resource or went from it. */
export interface AuditedMember {
  /** The HMAC of the id under the key of the tenant. It stays when the id is erased. */
  readonly person: string
  /** Undefined: the id was erased. */
  readonly id: string | undefined
}

/** One thing that was done. Entries of a tenant are a chain: each holds the hash of the one before. */
export interface AuditEntry {
  readonly tenant: string
  /** 1, 2, 3: without a gap for each tenant. */
  readonly number: number
  readonly time: Date
  /** What was done: `user.created`, `group.updated`, or a word of your own such as `looked`. */
  readonly action: string
  /** Who did it: the subject of the identity. Undefined: it was erased, or nobody knew. */
  readonly actor: string | undefined
  /** `'client'`, or what made the request by `scim.as`. */
  readonly via: string
  /** The name of the request: `X-Request-Id`. */
  readonly requestId: string | undefined
  readonly resourceType: string | undefined
  /** Undefined: it was erased, or there is none. */
  readonly resourceId: string | undefined
  /** What stands for the id of the resource: an HMAC under the key of the tenant. It stays when the id is erased. */
  readonly person: string | undefined
  /** Names of the attributes that changed. */
  readonly attributes: readonly string[]
  /** Undefined: no members changed, or more than `limits.memberEvents`. */
  readonly members: { readonly added: readonly AuditedMember[]; readonly removed: readonly AuditedMember[] } | undefined
  /** Why, in the words of whoever did it. */
  readonly reason: string | undefined
  /** The hash of the entry before; `''` of the first. */
  readonly previous: string
  readonly hash: string
}
