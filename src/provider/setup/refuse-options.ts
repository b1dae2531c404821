import { checkGiven, checkOption, checkOptions, OBJECT, required } from '../../check-options.js'
import { OVERRIDE } from '../../schema/define/override-table.js'
import { SetupError } from '../../setup-error.js'
import { ENTRY, OPTIONS } from './option-table.js'
import type { ScimRouterOptions } from './options.js'

/**
 * Finds mistakes at start that would otherwise fail, or be missed, in the middle of a request. Throws a {@link
 * SetupError}.
 */
export function refuseOptions(options: ScimRouterOptions): void {
  checkGiven(options, OPTIONS, { owner: 'scimRouter', code: 'ERR_SCIM_OPTION' })
  for (const [name, entry] of Object.entries(options.resources)) {
    const code = 'ERR_SCIM_RESOURCE_TYPE'
    checkOption(entry, required(OBJECT), { owner: 'scimRouter', code, path: `resources.${name}` })
    if (isAdapter(entry)) {
      const sentence = `Option resources.${name} must be an object with the key adapter: write { adapter: … }.`
      throw new SetupError('ERR_SCIM_RESOURCE_TYPE', sentence)
    }
    checkOptions(entry, ENTRY, { owner: `resource type ${name}`, code })
    for (const [path, override] of Object.entries(entry.attributes ?? {})) {
      const of = { owner: `resource type ${name}`, code: 'ERR_SCIM_SCHEMA', path: `attributes["${path}"]` } as const
      checkOption(override, { ...OBJECT, keys: OVERRIDE }, of)
    }
  }
  const isAtomic = options.bulk !== false && options.bulk?.atomic === true
  if ((isAtomic || options.outbox || options.readsInTransaction) && options.transaction === undefined) {
    const name = isAtomic ? 'bulk.atomic' : options.outbox ? 'outbox' : 'readsInTransaction'
    throw new SetupError('ERR_SCIM_OPTION', `Option ${name} must have option transaction, which is missing.`)
  }
}

/** Whether an adapter stands in the place of the entry that should hold it. */
function isAdapter(entry: object): boolean {
  return !('adapter' in entry) && ['create', 'get', 'list'].every((name) => name in entry)
}
