/**
 * Pages for the administrators of your customers and for your own staff: set-up, people, log.
 *
 * @module
 */
export { pageTexts, type TextKey } from './client/texts.js'
export type * from './contract.js'
export { type PagesOpenApiOptions, pagesOpenApi } from './openapi.js'
export type { AuthenticatePages, ConfirmRequest, CustomerIdentity, PagesOptions, StaffIdentity } from './options.js'
export { customerPages, staffPages } from './pages.js'
