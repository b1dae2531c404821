import type { SchemaDefinition } from '../model/definition.js'
import { EnterpriseUser } from './enterprise-user.js'
import { Group } from './group.js'
import { User } from './user.js'

/** A resource type of RFC 7643 section 4. */
export interface CoreType {
  readonly schema: SchemaDefinition
  readonly extensions: readonly SchemaDefinition[]
  readonly description: string
}

const CORE: Readonly<Record<string, CoreType>> = {
  User: { schema: User, extensions: [EnterpriseUser], description: 'User Account' },
  Group: { schema: Group, extensions: [], description: 'Group' },
}

/** The names of the core resource types. */
export const CORE_NAMES: readonly string[] = Object.keys(CORE)

/** The core resource type of a name: the defaults for a type that is declared under it. */
export function coreType(name: string): CoreType | undefined {
  return Object.hasOwn(CORE, name) ? CORE[name] : undefined
}
