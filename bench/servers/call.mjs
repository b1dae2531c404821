/** A call for filling a store without requests. */
export const CALL = {
  auth: {},
  tenant: undefined,
  select: { has: () => true, shows: () => true, names: () => false },
  params: {},
  limits: { groupLinks: 100_000, scanResources: 100_000, scanTime: 2_000, memberEvents: 0 },
  signal: new AbortController().signal,
}
