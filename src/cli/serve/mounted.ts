import type { IncomingMessage } from 'node:http'

/** The path where the service is mounted. */
export const MOUNT = '/scim/v2'

/** Whether a request is for a mount path. Its URL is then changed to the part below that path, as Express does. */
export function mounted(request: IncomingMessage, mount: string): boolean {
  const url = request.url ?? ''
  const path = url.replace(/[?#].*$/s, '')
  if (path !== mount && !path.startsWith(`${mount}/`)) return false
  Object.assign(request, { baseUrl: mount, originalUrl: url, url: url.slice(mount.length) || '/' })
  return true
}
