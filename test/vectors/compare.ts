type JsonObject = Readonly<Record<string, unknown>>

/** Paths such as `members.$ref` or `urn:…:User:manager.$ref` that may have any value, or any letter case. */
export interface CompareRules {
  readonly ignore?: readonly string[]
  readonly ignoreCase?: readonly string[]
}

/**
 * A resource in the one form that all its equal forms share: null, `[]` and absent are equal, so are primary false and
 * absent; arrays are in no particular order; `meta` and the attributes that the rules name are left out.
 */
export function comparable(resource: JsonObject, { ignore = [], ignoreCase = [] }: CompareRules = {}): unknown {
  const simplify = (value: unknown, path: string): unknown => {
    if (value === null || ignore.includes(path)) return undefined
    if (Array.isArray(value)) {
      const elements = value.map((element) => simplify(element, path)).filter((element) => element !== undefined)
      return elements.length === 0 ? undefined : elements.sort(byText)
    }
    if (typeof value === 'object') {
      const members = Object.entries(value as JsonObject)
        .map(([key, member]) => [key, simplify(member, joinPath(path, key))] as const)
        .filter(([key, member]) => member !== undefined && !(key === 'primary' && member === false))
      return Object.fromEntries(members.sort(byText))
    }
    return typeof value === 'string' && ignoreCase.includes(path) ? value.toLowerCase() : value
  }
  const { meta: _meta, ...rest } = resource
  return simplify(rest, '')
}

/** The paths to simple values at which two resources differ. */
export function differingPaths(one: JsonObject, other: JsonObject): string[] {
  const [left, right] = [valuesByPath(one), valuesByPath(other)]
  const paths = new Set([...left.keys(), ...right.keys()])
  return [...paths].filter((path) => left.get(path)?.sort().join() !== right.get(path)?.sort().join())
}

/** Whether a resource has something at a path, in any of its values. */
export function hasPath(resource: JsonObject, path: string): boolean {
  return [...valuesByPath(resource).keys()].some((key) => key === path || key.startsWith(`${path}.`))
}

function valuesByPath(resource: JsonObject): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const walk = (value: unknown, path: string): void => {
    if (value === null || value === undefined) return
    if (Array.isArray(value)) {
      for (const element of value) walk(element, path)
    } else if (typeof value === 'object') {
      for (const [key, member] of Object.entries(value)) walk(member, joinPath(path, key))
    } else {
      found.set(path, [...(found.get(path) ?? []), JSON.stringify(value)])
    }
  }
  const { meta: _meta, ...rest } = resource
  walk(rest, '')
  return found
}

/** RFC 7644 section 3.10: a colon between the URN of an extension and an attribute, a dot before a sub-attribute. */
function joinPath(path: string, key: string): string {
  if (path === '') return key
  return path.startsWith('urn:') && path.endsWith(':User') ? `${path}:${key}` : `${path}.${key}`
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
