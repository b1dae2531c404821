import { useEffect, useState } from 'preact/hooks'

/** The address of a page: the parts of the path behind `#`, and the query behind its question mark. */
export interface PageAddress {
  readonly parts: readonly string[]
  readonly query: URLSearchParams
}

/**
 * Pages have their addresses behind `#`, so they work at any path, behind any proxy, and inside a product of one page.
 */
export function addressOf(hash: string): PageAddress {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?')
  return { parts: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(query) }
}

/** The address as a link: `#/connections/4f…/log?only=refused`. */
export function hrefOf(parts: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : []))
  const path = parts.map(encodeURIComponent).join('/')
  return `#/${path}${given.length > 0 ? `?${new URLSearchParams(given)}` : ''}`
}

export function go(href: string): void {
  location.hash = href.slice(1)
}

export function useAddress(): PageAddress {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const changed = (): void => setHash(location.hash)
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return addressOf(hash)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
