import type { IncomingMessage } from 'node:http'

/** Where the service is mounted. */
export const MOUNT = '/scim/v2'

/** Whether a request is for a mount path; its URL is then the one below the path, as Express sets it. */
export function mounted(request: IncomingMessage, mount: string): boolean {
  const url = request.url ?? ''
  const path = url.replace(/[?#].*$/s, '')
  if (path !== mount && !path.startsWith(`${mount}/`)) return false
  Object.assign(request, { baseUrl: mount, originalUrl: url, url: url.slice(mount.length) || '/' })
  return true
}
