/** The middle of some numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** A figure: the median with the lowest and highest round, and whether it keeps its limit. */
export function figure(values, limit, extra = {}) {
  const ratio = median(values)
  const ok = limit === undefined || ('least' in limit ? ratio >= limit.least : ratio <= limit.most)
  return {
    ratio: round(ratio),
    low: round(Math.min(...values)),
    high: round(Math.max(...values)),
    limit: limit === undefined ? null : 'least' in limit ? `>= ${limit.least}` : `<= ${limit.most}`,
    ok,
    ...extra,
  }
}

export function round(value) {
  return Number(value.toPrecision(3))
}
