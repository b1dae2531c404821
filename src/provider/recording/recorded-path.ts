import type { Context } from '../request/context.js'
import { fixedEndpoint } from '../setup/fixed-endpoints.js'
import type { ResourceType } from '../setup/resource-type.js'
import { form, UNKNOWN, type Viewer } from './viewer.js'

/** The target of a path, as a recording shows it. */
export interface RecordedPath {
  readonly shown: string
  /** The endpoint as the standard writes it; undefined for any other path. */
  readonly endpoint: string | undefined
  readonly type: ResourceType | undefined
  readonly isSearch: boolean
}

/** The path of a request or of a bulk operation: existing endpoints, and the form of the text behind them. */
export function recordedPath(viewer: Viewer, { provider, identity }: Context, path: string): RecordedPath {
  const [first = '', second, ...rest] = path.split('/').filter((segment) => segment !== '')
  const own = provider.typesByLowerEndpoint.get(first.toLowerCase())
  const endpoint = own ? own.endpoint.slice(1) : fixedEndpoint(first)
  const isSearch = second === '.search' || endpoint === '.search'
  const id = second === undefined || isSearch ? second : own ? shownId(viewer, second) : UNKNOWN
  const segments = [first === '' ? '' : (endpoint ?? UNKNOWN), id, rest.length > 0 ? UNKNOWN : undefined]
  const type = own ?? (endpoint === 'Me' ? provider.typesByName.get(identity?.me?.resourceType ?? '') : undefined)
  const shown = `/${segments.filter((segment) => segment !== undefined).join('/')}`
  return { shown, endpoint, type, isSearch }
}

function shownId(viewer: Viewer, segment: string): string {
  let id = segment
  try {
    id = decodeURIComponent(segment)
  } catch {
    // It is shown as it came.
  }
  return String(viewer.values ? id : form(id))
}
