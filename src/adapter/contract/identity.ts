import type { Compatibility } from '../../compatibility.js'
import type { ProposedWrite } from './proposed-write.js'
import type { Awaitable } from './stored.js'

/** The action of a client on a resource or an endpoint. */
export type Action = 'create' | 'retrieve' | 'list' | 'replace' | 'patch' | 'delete'

/**
 * The result of `authenticate`: the identity of the client. Properties that you add reach every callback as
 * `call.auth`.
 */
export interface Identity {
  /**
   * The customer whose data the request is about.
   *
   * @defaultValue none
   */
  readonly tenant?: string | undefined
  /**
   * The client or person that sent the request. A cursor is valid only for the subject that received it.
   *
   * @defaultValue none
   */
  readonly subject?: string | undefined
  /**
   * The resource that `/Me` stands for. Without it `/Me` is answered with 501, without its id with 404.
   *
   * @defaultValue `/Me` is not offered
   */
  readonly me?: { readonly resourceType: string; readonly id?: string | undefined } | undefined
  /**
   * The permissions of these credentials, by action and resource type: `({ action }) => action === 'list'`. The router
   * asks it before `authorize`, for each operation of a bulk request too; only true permits. It may throw
   * `ScimError.forbidden({ scope })` to name the scope that is missing. Discovery needs one permission of any kind; a
   * query at the root leaves out the types that may not be listed.
   *
   * @defaultValue everything that `authorize` permits
   */
  readonly permits?: ((operation: { readonly action: Action; readonly resourceType: string }) => boolean) | undefined
  /**
   * A rule for each write of this client, with the same argument as the option `validate`, which is called afterwards.
   * It may throw a `ScimError` to refuse: a connection in its test refuses all people but its test people.
   *
   * @defaultValue no rule
   */
  readonly validate?: ((write: ProposedWrite) => Awaitable<void>) | undefined
  /**
   * Replaces the option `compatibility` of the router for this client.
   *
   * @defaultValue the option of the router
   */
  readonly compatibility?: Compatibility | undefined
  /**
   * Until this time requests of this client are passed to `on.exchange`, with their bodies and answers. Every process
   * checks the time itself. Without `values` only the types and lengths of values are passed.
   *
   * @defaultValue nothing is recorded
   */
  readonly record?: { readonly until: Date; readonly values?: boolean | undefined } | undefined
}

/** The type of the tenant of an identity: `string` if each identity has one. */
export type TenantOf<Auth extends Identity> = Auth extends { readonly tenant: infer Tenant extends string | undefined }
  ? Tenant
  : string | undefined
