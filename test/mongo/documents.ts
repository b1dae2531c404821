import type { Stored } from '../../src/adapter/contract.js'
import { EnterpriseUser, User } from '../../src/index.js'
import { type DocumentMapping, foldedText } from '../../src/mongo/index.js'

const keyOf = foldedText(User, 'userName')

/**
 * Documents as an application could have them: some fields of its own names, some with a folded form, the rest as in
 * SCIM.
 */
export function accounts(odd: string): DocumentMapping {
  return {
    attributes: {
      id: '_id',
      userName: { field: 'email', folded: 'emailKey' },
      'meta.created': { field: 'createdAt' },
      'meta.lastModified': { field: 'updatedAt' },
      emails: { array: 'addresses', attributes: { value: 'address', type: 'kind', display: 'shown', primary: 'main' } },
      [EnterpriseUser.id]: 'enterprise',
      [odd]: 'odd',
      '*': 'scim',
    },
  }
}

/** The document of a resource. */
export function documentOf(resource: Stored, odd: string): Readonly<Record<string, unknown>> {
  const { id, userName, meta, emails, [EnterpriseUser.id]: enterprise, [odd]: other, ...scim } = resource
  return {
    _id: id,
    ...(userName !== undefined && { email: userName, emailKey: keyOf(String(userName)) }),
    ...(meta?.created !== undefined && { createdAt: new Date(meta.created ?? 0) }),
    ...(meta?.lastModified !== undefined && { updatedAt: new Date(meta.lastModified ?? 0) }),
    ...(Array.isArray(emails) && { addresses: emails.map(addressOf) }),
    ...(enterprise !== undefined && { enterprise }),
    ...(other !== undefined && { odd: withDates(other) }),
    scim,
  }
}

function addressOf(email: Readonly<Record<string, unknown>> | null): unknown {
  if (email === null) return null
  const { value, type, display, primary, ...others } = email
  return JSON.parse(JSON.stringify({ address: value, kind: type, shown: display, main: primary, ...others }))
}

/** Instants lie in documents as Date objects. */
function withDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDates)
  if (typeof value === 'string') return INSTANT.test(value) ? new Date(value) : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withDates(each)]))
}

const INSTANT = /^\d{4}-\d\d-\d\dT/
