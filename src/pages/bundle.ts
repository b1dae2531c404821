/**
 * The ES module for browsers. The build puts its text here (`tsup.config.ts`); sources that run without a build have
 * none.
 */
export const script: string = ''

/** Its style sheet. */
export const styles: string = ''
