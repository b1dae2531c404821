import { render } from 'preact'
import type { ApiSettings } from './data/api.js'
import { Pages } from './pages.js'

/** The options of `mount`. */
export interface MountOptions {
  /** Where the pages are mounted in Express, such as `/settings/scim`; relative addresses are relative to the page. */
  readonly base: string
  /** Asked before each request: `() => ({ authorization: … })`. */
  readonly headers?: ApiSettings['headers']
}

/** Puts the pages into an element. Returns the function that takes them out again. */
export function mount(element: HTMLElement, { base, headers }: MountOptions): () => void {
  element.classList.add('scim-pages')
  const settings = { base: base.endsWith('/') ? base : `${base}/`, headers }
  render(<Pages settings={settings} element={element} />, element)
  return () => {
    render(null, element)
    element.classList.remove('scim-pages')
  }
}

/** The token of an invitation stands behind `#`, where no server and no log sees it; it does not stay there. */
function invitationHeaders(): Readonly<Record<string, string>> {
  const token = location.hash.slice(1)
  if (token !== '' && !token.startsWith('/')) {
    sessionStorage.setItem('scim-invitation', token)
    history.replaceState(undefined, '', '#/')
  }
  return { 'x-scim-invitation': sessionStorage.getItem('scim-invitation') ?? '', 'x-scim-browser': browserKey() }
}

/** An invitation is for one browser: the first that opens it. The key stays, so that the link works again tomorrow. */
function browserKey(): string {
  const kept = localStorage.getItem('scim-browser')
  if (kept !== null) return kept
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const key = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  localStorage.setItem('scim-browser', key)
  return key
}

// The page of its own is that call with the body.
const { base } = document.documentElement.dataset
if (base !== undefined) {
  const headers = base === '../' ? invitationHeaders() : undefined
  document.body.dataset.whole = ''
  mount(document.body, { base, headers: headers && (() => headers) })
}
