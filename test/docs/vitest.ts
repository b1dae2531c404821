/** What the documentation uses of Vitest, as its types have it. */
export declare const describe: (name: string, tests: () => void) => void
export declare const test: (name: string, run: () => void | Promise<void>) => void
