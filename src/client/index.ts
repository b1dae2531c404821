/**
 * A client for SCIM 2.0: {@link ScimClient}, with {@link patch} and {@link filter} for the parts of a request.
 *
 * @module
 */
export type { Answer, Exchange, RequestOptions } from './answer.js'
export type { BulkOperation, BulkResult } from './bulk.js'
export { ScimClientError, type ScimClientErrorCode } from './client-error.js'
export { type FilterValue, filter } from './filter.js'
export type { ListOptions, ListPage, PageOptions, Projection } from './list.js'
export type { Authorization, OAuthClient, RetryOptions, ScimClientOptions } from './options.js'
export { type PatchBody, type PatchBuilder, type PatchStep, patch } from './patch-builder.js'
export type { AnyResource, NewResource, ResourceClient, ResourceOptions, WriteOptions } from './resource-client.js'
export { ScimClient, type ServiceProviderConfig } from './scim-client.js'
