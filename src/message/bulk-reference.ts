/** RFC 7644 section 3.7.2: "bulkId:" and the bulkId of the operation that creates what is meant. */
const WHOLE = /^bulkId:(.+)$/s
/** As the last segment of a URI: `https://example.com/v2/Users/bulkId:a`. */
const LAST_SEGMENT = /^(.*\/)bulkId:([^/?#]+)$/s
/** As the value of a comparison in a PATCH path: `members[value eq "bulkId:a"]`. */
const COMPARED = /"bulkId:((?:[^"\\]|\\.)+)"/g

/** Looks an id up; undefined leaves the reference as it is. */
export type Lookup = (bulkId: string) => string | undefined

/** Puts ids in the place of the references in the data of a bulk operation; copies only what holds one. */
export function replaceReferences(data: unknown, lookup: Lookup): unknown {
  if (typeof data === 'string') return replaceIn(data, lookup)
  if (typeof data !== 'object' || data === null) return data
  if (Array.isArray(data)) {
    const replaced = data.map((element) => replaceReferences(element, lookup))
    return replaced.every((element, index) => element === data[index]) ? data : replaced
  }
  const source = data as Record<string, unknown>
  let copy: Record<string, unknown> | undefined
  for (const name of Object.keys(source)) {
    const value = source[name]
    const replaced = name.toLowerCase() === 'path' ? replaceInPath(value, lookup) : replaceReferences(value, lookup)
    if (replaced === value) continue
    copy ??= { ...source }
    copy[name] = replaced
  }
  return copy ?? data
}

function replaceIn(text: string, lookup: Lookup): string {
  const whole = WHOLE.exec(text)?.[1]
  if (whole !== undefined) return lookup(whole) ?? text
  if (!text.includes('/bulkId:')) return text
  const [, before = '', bulkId = ''] = LAST_SEGMENT.exec(text) ?? []
  const id = bulkId === '' ? undefined : lookup(bulkId)
  return id === undefined ? text : before + encodeURIComponent(id)
}

function replaceInPath(path: unknown, lookup: Lookup): unknown {
  if (typeof path !== 'string' || WHOLE.test(path)) return replaceReferences(path, lookup)
  return path.replace(COMPARED, (text, bulkId: string) => {
    const id = lookup(bulkId)
    return id === undefined ? text : JSON.stringify(id)
  })
}

/** The bulkIds that data refers to. */
export function referencesIn(data: unknown): ReadonlySet<string> {
  const found = new Set<string>()
  replaceReferences(data, (bulkId) => {
    found.add(bulkId)
    return undefined
  })
  return found
}

/**
 * Takes out of a resource what refers to `bulkIds`: the element of a list, else the attribute. Tells which attributes
 * of the resource, or of the object of an extension, it took something from.
 */
export function takeOut(
  resource: Readonly<Record<string, unknown>>,
  bulkIds: ReadonlySet<string>,
): { readonly rest: Record<string, unknown>; readonly paths: readonly string[] } {
  const rest: Record<string, unknown> = {}
  const paths: string[] = []
  const refers = (value: unknown): boolean => [...referencesIn(value)].some((bulkId) => bulkIds.has(bulkId))
  for (const [name, value] of Object.entries(resource)) {
    if (!refers(value)) {
      rest[name] = value
    } else if (Array.isArray(value)) {
      rest[name] = value.filter((element) => !refers(element))
      paths.push(name)
    } else if (name.includes(':') && typeof value === 'object') {
      const inner = takeOut(value as Record<string, unknown>, bulkIds)
      rest[name] = inner.rest
      for (const path of inner.paths) paths.push(`${name}:${path}`)
    } else {
      paths.push(name)
    }
  }
  return { rest, paths }
}
