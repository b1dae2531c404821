import { SetupError } from '../../error.js'
import { checkHooks } from './event-names.js'
import type { ScimRouterOptions } from './options.js'
import type { ResourceType } from './resource-type.js'

const FUNCTIONS = ['authorize', 'access', 'transaction', 'outbox', 'mapError'] as const
const SWITCHES = ['publicDiscovery', 'requireIfMatch'] as const
const POLICIES: readonly unknown[] = ['refuse', 'reactivate', 'adopt']

/** Finds at start what would otherwise fail, or be missed, in the middle of a request. */
export function checkOptions(options: ScimRouterOptions, types: readonly ResourceType[]): void {
  for (const name of FUNCTIONS) {
    if (options[name] !== undefined && typeof options[name] !== 'function') throw invalid(`${name} is a function`)
  }
  for (const name of SWITCHES) {
    if (options[name] !== undefined && typeof options[name] !== 'boolean') throw invalid(`${name} is true or false`)
  }
  for (const { name, onDuplicate } of types) {
    if (typeof onDuplicate !== 'function' && !POLICIES.includes(onDuplicate)) {
      throw invalid(`onDuplicate of ${name} is 'refuse', 'reactivate', 'adopt' or a function`)
    }
  }
  if (options.password !== undefined && typeof options.password?.hash !== 'function') {
    throw invalid('password.hash is a function')
  }
  const isAtomic = options.bulk !== false && options.bulk?.atomic === true
  if ((isAtomic || options.outbox) && options.transaction === undefined) {
    throw invalid('bulk.atomic and outbox need the transaction option')
  }
  checkHooks(options, types)
}

function invalid(sentence: string): SetupError {
  return new SetupError('ERR_SCIM_OPTION', `${sentence}.`)
}
