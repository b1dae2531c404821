/** The parts of Vitest that the documentation uses, as its types have them. */
export declare const describe: (name: string, tests: () => void) => void
export declare const test: (name: string, run: () => void | Promise<void>) => void
