import type { Stored } from '../../src/adapter/contract.js'
import { User } from '../../src/index.js'
import { foldedText, type ModelMapping } from '../../src/prisma/index.js'

const userNameKey = foldedText(User, 'userName')
const addressKey = foldedText(User, 'emails.value')

/** The models of client/accounts.prisma. Attributes without a field there are left to the router. */
export function accounts(odd: string): ModelMapping {
  return {
    attributes: {
      id: { field: 'id', required: true },
      externalId: 'externalId',
      userName: { field: 'email', folded: 'emailKey' },
      displayName: 'label',
      title: 'title',
      'name.givenName': 'firstName',
      active: 'enabled',
      [`${odd}:count`]: 'loginCount',
      [`${odd}:ratio`]: 'ratio',
      [`${odd}:seen`]: 'seenAt',
      'meta.created': 'createdAt',
      'meta.lastModified': 'updatedAt',
      emails: {
        relation: 'emails',
        attributes: {
          value: { field: 'address', folded: 'addressKey' },
          type: 'kind',
          display: 'shown',
          primary: 'main',
        },
      },
    },
  }
}

/** The record of a resource, with the records of its addresses. */
export function recordOf(resource: Stored, odd: string): Readonly<Record<string, unknown>> {
  const { id, externalId, userName, displayName, title, active, meta } = resource
  const other = (resource[odd] ?? {}) as Readonly<Record<string, unknown>>
  const emails: readonly Readonly<Record<string, unknown>>[] = Array.isArray(resource['emails'])
    ? resource['emails']
    : []
  const addresses = emails.map(({ value, type, display, primary }) => ({
    address: value,
    addressKey: addressKey(value as string),
    kind: type,
    shown: display,
    main: primary,
  }))
  return {
    id,
    externalId,
    email: userName,
    emailKey: userNameKey(String(userName)),
    label: displayName,
    title,
    firstName: (resource['name'] as { readonly givenName?: string } | undefined)?.givenName,
    enabled: active,
    // A field of type Int holds no more.
    loginCount: Number(other['count']) < 2 ** 31 ? other['count'] : undefined,
    ratio: other['ratio'],
    seenAt: other['seen'],
    createdAt: meta?.created,
    updatedAt: meta?.lastModified,
    emails: { create: addresses },
  }
}
