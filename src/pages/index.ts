/**
 * Pages for the administrators of your customers and for your own staff: set-up, people, log.
 *
 * @module
 */
export { pageTexts, type TextKey } from './client/texts/index.js'
export type * from './contract/contract.js'
export { type PagesOpenApiOptions, pagesOpenApi } from './openapi.js'
export { customerPages, staffPages } from './pages.js'
export type {
  AuthenticatePages,
  ConfirmRequest,
  CustomerIdentity,
  PagesOptions,
  StaffIdentity,
} from './request/options.js'
