import { propertiesOf } from '../../is-object.js'
import type { GroupRow, PersonRow } from '../contract.js'

/** A resource as the service answers it. */
export type ResourceOnWire = Readonly<Record<string, unknown>>

export function personRow(resource: ResourceOnWire): PersonRow {
  const { id, userName, displayName, externalId, active, emails, meta } = resource
  const { created, lastModified } = objectOf(meta)
  return {
    id: textOf(id) ?? '',
    userName: textOf(userName),
    name: textOf(displayName) ?? nameOf(objectOf(resource.name)) ?? textOf(userName) ?? textOf(id) ?? '',
    email: emailOf(emails),
    externalId: textOf(externalId),
    active: active !== false,
    created: textOf(created),
    changed: textOf(lastModified),
  }
}

export function groupRow({ id, displayName, externalId, members }: ResourceOnWire): GroupRow {
  return {
    id: textOf(id) ?? '',
    name: textOf(displayName) ?? textOf(id) ?? '',
    externalId: textOf(externalId),
    members: Array.isArray(members) ? members.length : undefined,
  }
}

/** All that a resource holds, by path. */
export function attributesOf(resource: ResourceOnWire): readonly { readonly path: string; readonly value: unknown }[] {
  const left = Object.entries(resource).filter(([name]) => !['schemas', 'meta', 'id', 'groups'].includes(name))
  return left.flatMap(([name, value]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path: name, value }]
    const mark = name.includes(':') ? ':' : '.'
    return Object.entries(value).map(([sub, own]: [string, unknown]) => ({ path: `${name}${mark}${sub}`, value: own }))
  })
}

export function objectOf(value: unknown): ResourceOnWire {
  return propertiesOf(value)
}

export function listOf(value: unknown): readonly ResourceOnWire[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function nameOf({ formatted, givenName, familyName }: ResourceOnWire): string | undefined {
  const whole = [textOf(givenName), textOf(familyName)].filter((part) => part !== undefined).join(' ')
  return textOf(formatted) ?? textOf(whole)
}

function emailOf(emails: unknown): string | undefined {
  const all = listOf(emails)
  return textOf((all.find(({ primary }) => primary === true) ?? all[0])?.value)
}
