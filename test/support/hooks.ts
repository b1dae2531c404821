/** Waits until the hooks of the requests that have been answered are called: they come after the answers. */
export function hooksCalled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
