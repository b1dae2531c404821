import { BOOLEAN, type Check, checkOption, either, objectOf, oneOf } from './check-options.js'

interface ToleranceRow {
  /** The deviation from the RFC, and the server's treatment of it. */
  readonly description: string
  /** What strict mode answers instead. */
  readonly strict: string
  /** The clients that are known to send it. */
  readonly sentBy: string
}

/**
 * Every tolerance of the library. The code of one stands where it acts and asks `tolerate('booleanText')`.
 * docs/compatibility.md is made from this table.
 */
export const TOLERANCES = Object.freeze({
  acceptHeader: {
    description: 'An Accept header that allows no SCIM media type is answered with application/scim+json.',
    strict: '406',
    sentBy: 'HTTP probes and hand-made connectors',
  },
  bareToken: {
    description:
      'An Authorization header of one word, which names no scheme, is taken as a bearer token. The mode of the router counts, not the one that authenticate returns.',
    strict: 'no token: 401 unless authenticate reads the header itself',
    sentBy: 'Okta in its header mode',
  },
  booleanText: {
    description: 'The text "true" or "false", in any letter case, is taken as a boolean wherever the schema has one.',
    strict: '400 invalidValue, in filters 400 invalidFilter',
    sentBy: "Entra ID's default job, Microsoft's validator, OneLogin templates",
  },
  bulkAbsolutePath: {
    description: 'The path of a bulk operation may be an absolute URL below the base URL.',
    strict: '400 invalidSyntax for that operation',
    sentBy: 'hand-made connectors',
  },
  bulkMethodCase: {
    description: 'The method of a bulk operation may be in any letter case.',
    strict: '400 invalidSyntax for that operation',
    sentBy: 'hand-made connectors',
  },
  coreUrnPath: {
    description:
      'The URN of the base schema as the path of a PATCH operation means no path: the value holds attributes of the resource.',
    strict: '400 invalidPath',
    sentBy: 'scim2-models, client libraries that treat all schemas alike',
  },
  createMissingValue: {
    description:
      'Add or replace at a value filter without a match creates the value from the eq terms of the filter; an add may then have no value, if they name one.',
    strict: '400 noTarget',
    sentBy: 'Entra ID',
  },
  dottedKeys: {
    description:
      'Keys such as "name.givenName" or "urn:…:User:department" in the body of a POST or PUT, or in a PATCH value without path, are each taken as a path; so are the names of attributes of one extension, and those below the URN of the base schema.',
    strict: 'unknown attributes: 400 invalidSyntax',
    sentBy: "Entra ID with aadOptscim062020, Microsoft's validator",
  },
  dottedUrn: {
    description: 'A dot instead of a colon between the URN of a schema and an attribute.',
    strict: '400 invalidPath, in filters 400 invalidFilter',
    sentBy: 'older Entra ID jobs',
  },
  doubleSlash: {
    description: 'Several slashes behind the base URL, …/scim/v2//Users, count as one.',
    strict: '404',
    sentBy: 'connectors whose base URL ends in a slash',
  },
  draftPatchSchema: {
    description: 'The URI of a PATCH in the drafts of the standard, urn:ietf:params:scim:schemas:core:2.0:PatchOp.',
    strict: '400 invalidSyntax',
    sentBy: 'Internet2 Grouper, client libraries that began with the drafts',
  },
  emptyOperations: {
    description: 'A PATCH without operations succeeds and changes nothing.',
    strict: '400 invalidSyntax',
    sentBy: "Microsoft's validator",
  },
  emptyParameter: {
    description:
      'A query parameter without a value, or one of blanks, counts as left out: filter, startIndex, count, sortBy and sortOrder.',
    strict: '400 invalidFilter or invalidValue; an empty sortBy or sortOrder counts as left out',
    sentBy: 'Saviynt, connectors that build queries from forms',
  },
  emptyPath: {
    description: 'An empty path in a PATCH operation counts as no path.',
    strict: '400 invalidPath',
    sentBy: 'hand-made connectors',
  },
  emptyValue: {
    description:
      'Elements of a multi-valued attribute that are null or {}, or whose "value" is null or "", are dropped; a list of only null and "" clears it. A complex attribute that is "" or whose "value" is "" is unassigned; in a PATCH a value of a list whose "value" is set to "" or null goes when only "type" and "primary" are left. This does not hold for lists of references such as members.',
    strict: '"" is a value; an element without content is 400 invalidValue, and so is text for a complex attribute',
    sentBy: 'Entra ID, virtual directories',
  },
  endpointCase: {
    description: 'The path of an endpoint may be in any letter case.',
    strict: '404',
    sentBy: 'hand-made connectors',
  },
  extraBlanks: {
    description: 'Any number of blanks between the tokens of a filter and at its ends.',
    strict: '400 invalidFilter',
    sentBy: 'Entra ID attribute mappings, people with curl',
  },
  failOnErrorsZero: {
    description: 'failOnErrors of 0 in a bulk request means no limit.',
    strict: '400 invalidValue',
    sentBy: 'SCIM-SDK, SCIMMY',
  },
  filterAfterValuePath: {
    description: 'emails[type eq "work"].value eq "x" is read as emails[type eq "work" and value eq "x"].',
    strict: '400 invalidFilter',
    sentBy: 'Entra ID when it matches on mail',
  },
  jsonMediaType: {
    description: 'A request body of the media type application/json+scim or text/json.',
    strict: '415',
    sentBy: 'FusionAuth, hand-made connectors',
  },
  jsonText: {
    description:
      'JSON text in place of an object is parsed. As the "value" of an element of a list, references apart, it is taken apart if it holds "value" and nothing but "id", "display", "displayName", "type" and "primary" beside it.',
    strict: '400 invalidValue; as the value of a list element it is a string',
    sentBy: 'Entra ID (AppRoleAssignmentsComplex), Keycloak plug-ins',
  },
  listForSingle: {
    description:
      'A list of one element is unwrapped for a singular attribute, and for the value of a PATCH operation without path or at the URN of a schema.',
    strict: '400 invalidValue',
    sentBy: 'SAP, the Java SCIM-SDK client, hand-made connectors',
  },
  literalCase: {
    description:
      'true, false and null without quotes, in any letter case, in filters; for an attribute that holds text NULL alone means null.',
    strict: '400 invalidFilter',
    sentBy: 'clients that print a boolean of Python or of .NET',
  },
  missingPatchSchemas: {
    description: 'A PATCH body without schemas is accepted when it has Operations.',
    strict: '400 invalidSyntax',
    sentBy: 'WSO2 samples, bulk PATCH data',
  },
  missingSchemas: {
    description: 'A resource without the URI of its base schema is taken as one of the type of the endpoint.',
    strict: '400 invalidSyntax',
    sentBy: 'OneLogin templates, Google Workspace',
  },
  numberForText: {
    description: 'A number in place of a string is taken as its text.',
    strict: '400 invalidValue, in filters 400 invalidFilter',
    sentBy: 'connectors with numeric ids',
  },
  numberText: {
    description:
      'A text that is a JSON number is taken as a number wherever the schema has an integer or decimal, and in a search request.',
    strict: '400 invalidValue, in filters 400 invalidFilter',
    sentBy: 'the Java SCIM-SDK client',
  },
  objectForSimple: {
    description:
      'An object for an attribute that is not complex, with "value" and at most "$ref", "display", "type" and "primary" beside it, is taken as its "value"; in an element of a list it is taken apart as with jsonText.',
    strict: '400 invalidValue',
    sentBy: "Entra ID's job before 2018, Microsoft's package of that time",
  },
  operationCase: {
    description: 'The op of a PATCH operation may be in any letter case.',
    strict: '400 invalidSyntax',
    sentBy: 'Entra ID ("Add", "Replace", "Remove")',
  },
  queryNameCase: {
    description: 'The names of query parameters may be in any letter case.',
    strict: 'unknown parameters are ignored',
    sentBy: 'Entra ID as a reader ("startindex")',
  },
  readOnlyInValue: {
    description: 'Read-only attributes in a PATCH value without path are ignored.',
    strict: 'meta and schemas are ignored, others if equal, else 400 mutability',
    sentBy: 'Okta and authentik (id and schemas beside the change)',
  },
  readOnlyPath: {
    description:
      'A PATCH operation at a read-only attribute is skipped when another operation of the PATCH addresses an attribute that can be written.',
    strict: '400 mutability, unless its value is the stored one',
    sentBy: 'clients that send meta.lastModified or id beside a deactivation',
  },
  referenceByUri: {
    description:
      'The id of a reference without "value" is read from its "$ref", which is relative or lies below the base URL and names a resource of an allowed type.',
    strict: '400 invalidValue',
    sentBy: 'Datadog, clients that send back a resource as they have read it',
  },
  removeByValue: {
    description:
      'A remove that carries a value removes only the named values: those values of a list, a singular attribute with that value, the sub-attributes of an object.',
    strict: '400 invalidSyntax',
    sentBy: "Entra ID's default job, JumpCloud, authentik, Salesforce",
  },
  removeWithoutPath: {
    description:
      'A remove without path whose value is an object is a remove for each of its keys; one whose value is not null needs removeByValue too.',
    strict: '400 noTarget',
    sentBy: 'authentik',
  },
  repeatedAttributes: {
    description: 'The parameters attributes and excludedAttributes may be given several times; their lists are joined.',
    strict: '400 invalidValue',
    sentBy: 'clients of Oracle Identity Governance',
  },
  severalPrimary: {
    description: 'Of several primary values in one request the last stays primary.',
    strict: '400 invalidValue',
    sentBy: 'connectors that merge lists',
  },
  singleForList: {
    description: 'A single value for a multi-valued attribute is taken as a list of one.',
    strict: '400 invalidValue (PATCH takes one value in strict mode too)',
    sentBy: 'OneLogin templates',
  },
  textForComplex: {
    description: 'A text for a complex attribute that has a "value" is taken as that value.',
    strict: '400 invalidValue',
    sentBy: 'Entra ID (manager), authentik',
  },
  trailingColon: {
    description: 'A path of a PATCH, a name in attributes, or the URN of a schema as a key, may end in a colon.',
    strict: '400 invalidPath; in attributes an unknown name, as a key an unknown attribute',
    sentBy: 'the UnboundID SCIM 2 client (URN of an extension)',
  },
  unknownAttribute: {
    description: 'Attributes and schema URIs that the resource type does not have are ignored.',
    strict: '400 invalidSyntax',
    sentBy: 'Entra ID, Okta, Keycloak, Google Workspace',
  },
  unknownMember: {
    description:
      "Members that do not exist are left out, if the adapter has members: { unknown: 'skip' } and one of them at least exists.",
    strict: '400 invalidValue',
    sentBy: 'Okta, which does not repeat a request that was refused for one member',
  },
  unknownPath: {
    description:
      'A PATCH operation on an attribute that the resource type does not have is skipped, the others are applied.',
    strict: '400 invalidPath',
    sentBy: "Entra ID's default mappings",
  },
  unquotedText: {
    description: 'A filter value without quotes or between single quotes is taken as a string.',
    strict: '400 invalidFilter',
    sentBy: "examples in Microsoft's documentation",
  },
  unservedEndpoint: {
    description: 'GET on /Users or /Groups answers an empty list when that resource type is not configured.',
    strict: '404',
    sentBy: "Entra ID's Test Connection",
  },
  valuePathInAttributes: {
    description:
      'A value path in attributes or excludedAttributes, emails[type eq "work"], names the attribute before the brackets.',
    strict: 'an unknown name, ignored',
    sentBy: "Microsoft's SCIM reference collection",
  },
} as const satisfies Record<string, ToleranceRow>)

/** The name of one tolerance. */
export type ToleranceName = keyof typeof TOLERANCES

/**
 * How much is forgiven: `'tolerant'` (the default: every tolerance), `'strict'` (none), or tolerant with single ones
 * switched by name, from `base` on.
 *
 * @example
 * ```ts
 * import type { Compatibility } from 'express-scim'
 *
 * const compatibility: Compatibility = { base: 'strict', booleanText: true }
 * ```
 */
export type Compatibility =
  | 'tolerant'
  | 'strict'
  | ({ readonly base?: 'tolerant' | 'strict' } & { readonly [Name in ToleranceName]?: boolean })

/**
 * Asks whether a tolerance is on, and reports that it was needed. Call it only where the input leaves the standard.
 *
 * @param where The place that needed it, e.g. an attribute's path. Never a value of the client.
 */
export type Tolerate = (name: ToleranceName, where?: string) => boolean

/** The RFC to the letter. */
export const strict: Tolerate = () => false

/** Everything forgiven, nothing reported. */
export const tolerant: Tolerate = () => true

/** The values of the option `compatibility`. */
export const COMPATIBILITY: Check = {
  ...either(
    oneOf('tolerant', 'strict'),
    objectOf({
      base: oneOf('tolerant', 'strict'),
      ...Object.fromEntries(Object.keys(TOLERANCES).map((name) => [name, BOOLEAN])),
    }),
  ),
  expects: "'tolerant', 'strict' or an object of named tolerances",
}

/** The tolerances that a setting switches on. Throws a {@link SetupError} for an unknown name. */
export function enabledTolerances(setting: Compatibility = 'tolerant'): ReadonlySet<ToleranceName> {
  const names = Object.keys(TOLERANCES) as ToleranceName[]
  if (setting === 'tolerant') return new Set(names)
  if (setting === 'strict') return new Set()
  // The identity of a client may name it as well, so it is checked here and not at start alone.
  checkOption(setting, COMPATIBILITY, { owner: 'scimRouter', code: 'ERR_SCIM_COMPATIBILITY', path: 'compatibility' })
  const enabled = enabledTolerances(setting.base)
  return new Set(names.filter((name) => setting[name] ?? enabled.has(name)))
}

/** Asks a setting, and reports nothing. */
export function tolerateBy(setting: Compatibility): Tolerate {
  if (setting === 'strict') return strict
  if (setting === 'tolerant') return tolerant
  const enabled = enabledTolerances(setting)
  return (name) => enabled.has(name)
}
