import type { ScimRouterOptions } from '../../index.js'
import { memoryAdapters } from '../../memory/index.js'
import { memoryStores, type ServiceStores, sqlStores } from '../../service/index.js'
import { sqliteAdapters, sqliteDatabase } from '../../sqlite/index.js'
import type { SqliteFile } from './sqlite-file.js'

/** The storage of a served service: for users and groups, and with `--pages` for everything else. */
export interface Storage extends Pick<ScimRouterOptions, 'resources' | 'transaction'> {
  readonly stores: () => ServiceStores
}

const userAttributes = { active: { default: true } } as const
const groupAttributes = { displayName: { uniqueness: 'server' } } as const

/** Storage on a file, or in memory. */
export async function storageOf(file: SqliteFile | undefined): Promise<Storage> {
  if (file === undefined) {
    const { users, groups } = memoryAdapters({ groups: { attributes: groupAttributes } })
    const resources = {
      User: { adapter: users, attributes: userAttributes },
      Group: { adapter: groups, attributes: groupAttributes },
    }
    return { resources, stores: () => memoryStores(resources) }
  }
  const adapters = sqliteAdapters({
    database: file,
    users: { attributes: userAttributes },
    groups: { attributes: groupAttributes },
  })
  await adapters.migrate()
  return {
    resources: { ...adapters.resources },
    transaction: adapters.transaction,
    stores: () => sqlStores({ database: sqliteDatabase({ database: file }), adapters }),
  }
}
