/** The endpoints that belong to no resource type, without their slash: RFC 7644 section 3.2 (Table 2) and section 4. */
export const FIXED_ENDPOINTS = Object.freeze([
  'Me',
  'Bulk',
  '.search',
  'ServiceProviderConfig',
  'ResourceTypes',
  'Schemas',
] as const)

export type FixedEndpoint = (typeof FIXED_ENDPOINTS)[number]

const BY_LOWER_CASE: ReadonlyMap<string, FixedEndpoint> = new Map(
  FIXED_ENDPOINTS.map((name) => [name.toLowerCase(), name]),
)

/** The fixed endpoint with this name in any letter case. */
export function fixedEndpoint(name: string): FixedEndpoint | undefined {
  return BY_LOWER_CASE.get(name.toLowerCase())
}
