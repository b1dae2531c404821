import type { Stored } from '../../adapter/contract.js'
import type { Section } from '../../adapter/sections.js'
import { docsAt } from '../../setup-error.js'
import type { ResourceType } from '../setup/resource-type.js'

/** An adapter that does not keep its contract: a 500 for the client, one sentence for `on.error`. */
export class AdapterFault extends Error {
  override readonly name = 'AdapterFault'

  constructor(type: ResourceType, callback: string, sentence: string, section: Section) {
    super(`${type.name}.${callback} ${sentence} (${docsAt(`adapters.md#${section}`)})`)
  }
}

/** Checks the stored resource that an adapter returns. */
export function checkStored(type: ResourceType, callback: string, stored: Stored, id?: string): Stored {
  if (typeof stored !== 'object' || stored === null) {
    throw new AdapterFault(type, callback, 'returned no resource', 'stored')
  }
  const found = stored.id
  if ((typeof found !== 'string' || found === '') && typeof found !== 'number') {
    throw new AdapterFault(type, callback, 'returned a resource without id', 'stored')
  }
  // RFC 7643 section 3.1: the text "bulkId" is reserved and must not be part of an id.
  if (id === undefined && /bulkId/i.test(String(found))) {
    throw new AdapterFault(type, callback, 'returned an id with the reserved text "bulkId"', 'stored')
  }
  if (id === undefined && type.isId?.(String(found)) === false) {
    throw new AdapterFault(type, callback, 'returned an id of another shape than option ids', 'stored')
  }
  if (id !== undefined && String(found) !== id) {
    throw new AdapterFault(type, callback, 'returned another resource than the one asked for', 'stored')
  }
  if (type.supports.versions && (stored.meta?.version === undefined || stored.meta.version === null)) {
    throw new AdapterFault(type, callback, 'returned a resource without meta.version', 'versions')
  }
  return stored
}
