/** Whether the `schemas` of a message name it. RFC 7644 section 3.10: URNs are compared without letter case. */
export function namesMessage(schemas: unknown, urn: string): boolean {
  const lower = urn.toLowerCase()
  return Array.isArray(schemas) && schemas.some((given) => typeof given === 'string' && given.toLowerCase() === lower)
}
