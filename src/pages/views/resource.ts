import { propertiesOf } from '../../is-object.js'
import { filledText } from '../../json-values.js'
import type { GroupRow, PersonRow } from '../contract/contract.js'

/** A resource as the service answers it. */
export type ResourceOnWire = Readonly<Record<string, unknown>>

export function personRow(resource: ResourceOnWire): PersonRow {
  const { id, userName, displayName, externalId, active, emails, meta } = resource
  const { created, lastModified } = objectOf(meta)
  return {
    id: filledText(id) ?? '',
    userName: filledText(userName),
    name: filledText(displayName) ?? nameOf(objectOf(resource.name)) ?? filledText(userName) ?? filledText(id) ?? '',
    email: emailOf(emails),
    externalId: filledText(externalId),
    active: active !== false,
    created: filledText(created),
    changed: filledText(lastModified),
  }
}

export function groupRow({ id, displayName, externalId, members }: ResourceOnWire): GroupRow {
  return {
    id: filledText(id) ?? '',
    name: filledText(displayName) ?? filledText(id) ?? '',
    externalId: filledText(externalId),
    members: Array.isArray(members) ? members.length : undefined,
  }
}

/** All values of a resource, by path. */
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

function nameOf({ formatted, givenName, familyName }: ResourceOnWire): string | undefined {
  const whole = [filledText(givenName), filledText(familyName)].filter((part) => part !== undefined).join(' ')
  return filledText(formatted) ?? filledText(whole)
}

function emailOf(emails: unknown): string | undefined {
  const all = listOf(emails)
  return filledText((all.find(({ primary }) => primary === true) ?? all[0])?.value)
}
