/** The values that Entra shows for its workload identity. */
export interface Federation {
  readonly tenantId: string
  readonly subject: string
  readonly audience: string
}

const ISSUER = /https:\/\/login\.[a-z.]{1,60}\/([0-9a-f-]{36})\/v2\.0/i
const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi

/** Finds the values in a text in which they stand in any order, each with its name before it or without. */
export function federationIn(pasted: string): Federation | undefined {
  const tenantId = ISSUER.exec(pasted)?.[1]?.toLowerCase()
  if (tenantId === undefined) return undefined
  const lines = pasted.replace(ISSUER, '').split('\n')
  const named = (name: string): string | undefined =>
    lines
      .find((line) => line.trim().toLowerCase().startsWith(name) && line.trim().includes(' '))
      ?.trim()
      .split(' ')
      .at(-1)
  const others = lines
    .flatMap((line) => line.match(GUID) ?? [])
    .map((guid) => guid.toLowerCase())
    .filter((guid) => guid !== tenantId)
  const audience = named('audience') ?? lines.find((line) => line.includes('api://'))?.trim() ?? others[1]
  const subject = named('subject') ?? others.find((guid) => audience?.toLowerCase().includes(guid) !== true)
  return audience === undefined || subject === undefined ? undefined : { tenantId, subject, audience }
}
