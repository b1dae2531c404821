import type { AuditEnds, AuditRow, AuditStore } from './store.js'

/**
 * The audit trail in memory: for tests and first steps, until the process ends.
 *
 * @example
 * ```ts
 * import { auditTrail, memoryAudit } from 'express-scim/journal'
 *
 * export const trail = auditTrail({ store: memoryAudit(), secret: process.env.SCIM_SECRET })
 * ```
 */
export function memoryAudit(): AuditStore {
  const chains = new Map<string, { rows: AuditRow[]; ends: AuditEnds }>()
  const chainOf = (tenant: string) => {
    const chain = chains.get(tenant) ?? { rows: [], ends: NO_ENDS }
    chains.set(tenant, chain)
    return chain
  }
  return {
    append: async (tenant, rows) => {
      const chain = chainOf(tenant)
      const added = rows(chain.ends)
      chain.rows.push(...added)
      const last = added.at(-1)
      if (last) chain.ends = { ...chain.ends, number: last.number, hash: last.hash }
    },
    page: async ({ tenant, after, count, resourceId }) =>
      chainOf(tenant)
        .rows.filter((row) => row.number > after && (resourceId === undefined || row.resourceId === resourceId))
        .slice(0, count),
    ends: async (tenant) => chainOf(tenant).ends,
    erase: async ({ tenant, id }) => {
      const chain = chainOf(tenant)
      let changed = 0
      chain.rows = chain.rows.map((row) => {
        const holders = [...row.members].filter(([, member]) => member !== id)
        if (row.actor !== id && row.resourceId !== id && holders.length === row.members.size) return row
        changed += 1
        return {
          ...row,
          actor: row.actor === id ? '' : row.actor,
          resourceId: row.resourceId === id ? '' : row.resourceId,
          members: new Map(holders),
        }
      })
      return changed
    },
    prune: async ({ tenant, before, count }) => {
      const chain = chainOf(tenant)
      const kept = chain.rows.findIndex(({ time }) => time >= before)
      const removed = chain.rows.splice(0, Math.min(count, kept < 0 ? chain.rows.length : kept))
      const last = removed.at(-1)
      if (last) chain.ends = { ...chain.ends, prunedNumber: last.number, prunedHash: last.hash }
      return removed.length
    },
  }
}

/** The ends of a chain that has not begun. */
export const NO_ENDS: AuditEnds = Object.freeze({ number: 0, hash: '', prunedNumber: 0, prunedHash: '' })
