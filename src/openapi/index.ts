/**
 * Service providers as OpenAPI 3.1 documents.
 *
 * @module
 */
export { openApiDocument } from './document.js'
export { readService } from './read-service.js'
