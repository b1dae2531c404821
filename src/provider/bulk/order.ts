/**
 * The order in which operations run: that of the request, except that the target of a reference comes before the
 * operation that refers to it. Operations that refer to each other in a circle come together. (The strongly connected
 * components of Tarjan, without recursion: a client decides how deep references go.)
 *
 * @param references for each operation the indices of the operations that it refers to.
 */
export function orderOf(references: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const order: number[][] = []
  // The number of each node in the order of the visits, from 1, and the earliest node without a place that can be
  // reached from it.
  const met = new Array<number>(references.length).fill(0)
  const earliest = [...met]
  const unplaced: number[] = []
  const isUnplaced = new Set<number>()
  const path: { readonly node: number; next: number }[] = []
  let count = 0

  const enter = (node: number): void => {
    count += 1
    met[node] = count
    earliest[node] = count
    unplaced.push(node)
    isUnplaced.add(node)
    path.push({ node, next: 0 })
  }
  const leave = (node: number): void => {
    path.pop()
    const parent = path.at(-1)
    if (parent) reach(parent.node, earliest[node] as number)
    if (earliest[node] !== met[node]) return
    const circle = unplaced.splice(unplaced.lastIndexOf(node))
    for (const each of circle) isUnplaced.delete(each)
    order.push(circle.sort((a, b) => a - b))
  }
  const reach = (node: number, other: number): void => {
    earliest[node] = Math.min(earliest[node] as number, other)
  }

  for (let root = 0; root < references.length; root += 1) {
    if (references[root]?.length === 0 && met[root] === 0) {
      // Most operations refer to none, and have their place at once.
      count += 1
      met[root] = count
      order.push([root])
      continue
    }
    if (met[root] === 0) enter(root)
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const target = references[step.node]?.[step.next]
      step.next += 1
      if (target === undefined) leave(step.node)
      else if (met[target] === 0) enter(target)
      else if (isUnplaced.has(target)) reach(step.node, met[target] as number)
    }
  }
  return order
}
