/** URI of the core User schema, RFC 7643 section 4.1. */
export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User'
/** URI of the core Group schema, RFC 7643 section 4.2. */
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group'
/** URI of the enterprise extension of User, RFC 7643 section 4.3. */
export const ENTERPRISE_USER_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** URIs of the resources that describe a service provider, RFC 7643 sections 5 to 7. */
export const SERVICE_PROVIDER_CONFIG_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'
export const RESOURCE_TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType'
export const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema'

/** RFC 7644 section 3.1: every message schema URI begins so, and no resource schema URI does. */
export const MESSAGE_NAMESPACE = 'urn:ietf:params:scim:api:'

/** URIs of the protocol messages, RFC 7644 section 8.2. */
export const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
export const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
/** The name of a PATCH request in the drafts of RFC 7644, which clients still send. */
export const DRAFT_PATCH_OP = 'urn:ietf:params:scim:schemas:core:2.0:PatchOp'
export const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
export const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse'
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'
