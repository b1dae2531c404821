/**
 * The attributes that the service provider gives a resource, RFC 7643 section 3.1. Drafts of adapters are without them.
 */
export const ASSIGNED: ReadonlySet<string> = new Set(['schemas', 'id', 'meta'])
