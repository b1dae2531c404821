import type { Bench } from './bench.js'

/** Makes an object that several rules need, once for each run. */
export function perRun<T>(make: (bench: Bench) => Promise<T>): (bench: Bench) => Promise<T> {
  const made = new WeakMap<Bench, Promise<T>>()
  return (bench) => {
    const known = made.get(bench) ?? make(bench)
    made.set(bench, known)
    return known
  }
}
