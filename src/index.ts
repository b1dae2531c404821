/**
 * SCIM 2.0 provisioning for Express: {@link scimRouter} mounts the endpoints of RFC 7644, a {@link ResourceAdapter}
 * stores the resources.
 *
 * @module
 */
export type { AnyAdapter } from './adapter/any-adapter.js'
export type { ProposedWrite } from './adapter/contract/proposed-write.js'
export type * from './adapter/contract.js'
export { ALL_TENANTS, type TenantChoice } from './all-tenants.js'
export { type Compatibility, TOLERANCES, type ToleranceName } from './compatibility.js'
export {
  type ErrorMessage,
  type ErrorSubject,
  type Refusal,
  type RefusalReason,
  ScimError,
  type ScimErrorOptions,
  type ScimType,
} from './error.js'
export type { Description } from './express/describe.js'
export type { ScimErrorHandler } from './express/error-handler.js'
export { type ScimRouter, scimRouter } from './express/router.js'
export type * from './filter/ast.js'
export { type FilterPredicateOptions, filterPredicate } from './filter/filter-predicate.js'
export { type FilterLimits, type ParseOptions, parseFilter } from './filter/parse.js'
export { printFilter } from './filter/print.js'
export { splitFilter } from './filter/split.js'
export { visitFilter } from './filter/visit.js'
export type { OpenApiDocument, OpenApiOptions } from './openapi/document.js'
export { type ApplyPatchOptions, applyPatch, type PatchRequestOperation } from './patch/apply-patch.js'
export type * from './patch/patch.js'
export type { PatchLimits } from './patch/patch-op.js'
export { type BearerAuthenticate, bearer, type VerifyToken } from './provider/policy/bearer.js'
export type {
  InProcessCaller,
  InProcessClient,
  InProcessRequest,
  InProcessResponse,
} from './provider/request-as.js'
export { EVENTS, type EventKind, type EventMember, type EventName } from './provider/setup/event-table.js'
export type { Exchange, ExchangedMessage } from './provider/setup/exchange.js'
export type {
  ErrorReport,
  EventHooks,
  HookContext,
  Identifier,
  Listener,
  RequestReport,
  ResourceEvent,
  ResourceEventOf,
} from './provider/setup/hooks.js'
export { LIMITS, type LimitName, type Limits } from './provider/setup/limits.js'
export type {
  AttributeAccess,
  Authenticate,
  AuthenticationScheme,
  AuthorizationRequest,
  Caller,
  CallerIdentity,
  Credentials,
  Duplicate,
  DuplicatePolicy,
  ResourceEntry,
  ScimRouterOptions,
} from './provider/setup/options.js'
export { resourceType, type TypedEntry, type TypedRouterOptions } from './provider/setup/typed-options.js'
export type { CursorOptions } from './provider/shared/cursor.js'
export { EnterpriseUser } from './schema/core/enterprise-user.js'
export { Group, type GroupResource } from './schema/core/group.js'
export { User, type UserResource } from './schema/core/user.js'
export { defineSchema } from './schema/define/define-schema.js'
export { type PickedSchema, pick } from './schema/define/pick.js'
export type { AttributeOverride, ExtensionEntry } from './schema/define/schema.js'
export type { Attribute } from './schema/model/attribute.js'
export type * from './schema/model/definition.js'
export type * from './schema/model/resource.js'
export { type SetupCode, SetupError } from './setup-error.js'
