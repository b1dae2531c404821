import { USER_SCHEMA } from '../../urn.js'
import { defineSchema } from '../define/define-schema.js'
import type { AttributeDefinition } from '../model/definition.js'
import type { ResourceOf } from '../model/resource.js'
import type { EnterpriseUser } from './enterprise-user.js'

// RFC 7643 section 2.4: the sub-attributes that most multi-valued attributes share.
// Decision A-89: clients may write it.
const display = {
  name: 'display',
  description: 'Human-readable name for display',
} as const satisfies AttributeDefinition
const type = { name: 'type', description: "Label of the value's function" } as const satisfies AttributeDefinition
const primary = {
  name: 'primary',
  type: 'boolean',
  description: 'Marks the preferred value; true at most once',
} as const satisfies AttributeDefinition

/** The core User schema, RFC 7643 sections 4.1 and 8.7.1 with the verified errata. */
export const User = defineSchema({
  id: USER_SCHEMA,
  name: 'User',
  description: 'User account',
  attributes: [
    {
      name: 'userName',
      required: true,
      uniqueness: 'server',
      precis: 'UsernameCaseMapped',
      description: 'Unique login identifier of the user at the service provider',
    },
    {
      name: 'name',
      type: 'complex',
      description: "Components of the user's name",
      subAttributes: [
        { name: 'formatted', description: 'Full name, formatted for display' },
        { name: 'familyName', description: 'Family (last) name' },
        { name: 'givenName', description: 'Given (first) name' },
        { name: 'middleName', description: 'Middle name or names' },
        { name: 'honorificPrefix', description: 'Prefix or title, e.g. Ms.' },
        { name: 'honorificSuffix', description: 'Suffix, e.g. III' },
      ],
    },
    { name: 'displayName', description: 'Name shown to end users' },
    { name: 'nickName', description: 'Casual name of the user' },
    {
      name: 'profileUrl',
      type: 'reference',
      referenceTypes: ['external'],
      caseExact: true,
      description: "URL of the user's online profile page",
    },
    { name: 'title', description: 'Job title' },
    { name: 'userType', description: 'Relation between user and organization, e.g. Employee' },
    { name: 'preferredLanguage', description: 'Preferred languages, Accept-Language format, e.g. en-US' },
    { name: 'locale', description: 'Default location as a language tag, e.g. en-US' },
    { name: 'timezone', description: 'IANA time zone name, e.g. America/Los_Angeles' },
    { name: 'active', type: 'boolean', role: 'activation', description: 'Administrative status of the user' },
    {
      name: 'password',
      mutability: 'writeOnly',
      returned: 'never',
      precis: 'OpaqueString',
      description: 'Clear-text password to set, replace or compare; never returned',
    },
    {
      name: 'emails',
      type: 'complex',
      multiValued: true,
      description: 'Email addresses',
      subAttributes: [
        { name: 'value', description: 'Email address' },
        display,
        { ...type, canonicalValues: ['work', 'home', 'other'] },
        primary,
      ],
    },
    {
      name: 'phoneNumbers',
      type: 'complex',
      multiValued: true,
      description: 'Phone numbers',
      subAttributes: [
        { name: 'value', description: 'Phone number, ideally a tel: URI' },
        display,
        { ...type, canonicalValues: ['work', 'home', 'mobile', 'fax', 'pager', 'other'] },
        primary,
      ],
    },
    {
      name: 'ims',
      type: 'complex',
      multiValued: true,
      description: 'Instant messaging addresses',
      subAttributes: [
        { name: 'value', description: 'Instant messaging address' },
        display,
        // Section 4.1.2 lists "other", section 8.7.1 forgets it.
        { ...type, canonicalValues: ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo', 'other'] },
        primary,
      ],
    },
    {
      name: 'photos',
      type: 'complex',
      multiValued: true,
      description: 'URLs of photos of the user',
      subAttributes: [
        {
          name: 'value',
          type: 'reference',
          referenceTypes: ['external'],
          caseExact: true,
          description: 'URL of an image file',
        },
        display,
        { ...type, canonicalValues: ['photo', 'thumbnail'] },
        primary,
      ],
    },
    {
      name: 'addresses',
      type: 'complex',
      multiValued: true,
      description: 'Physical mailing addresses',
      subAttributes: [
        { name: 'formatted', description: 'Full address, formatted for display; may contain newlines' },
        { name: 'streetAddress', description: 'Street, house number, P.O. box; may contain newlines' },
        { name: 'locality', description: 'City or locality' },
        { name: 'region', description: 'State or region' },
        { name: 'postalCode', description: 'Postal code' },
        { name: 'country', description: 'ISO 3166-1 alpha-2 country code' },
        { ...type, canonicalValues: ['work', 'home', 'other'] },
        // Erratum 6005: section 8.7.1 lacks it, the RFC's examples have it.
        primary,
      ],
    },
    {
      name: 'groups',
      type: 'complex',
      multiValued: true,
      mutability: 'readOnly',
      description: 'Groups the user belongs to, direct, nested or dynamic; changed through the Group resource',
      subAttributes: [
        { name: 'value', mutability: 'readOnly', description: 'id of the group' },
        {
          name: '$ref',
          type: 'reference',
          // Erratum 8471: groups only.
          referenceTypes: ['Group'],
          caseExact: true,
          mutability: 'readOnly',
          description: 'URI of the Group resource',
        },
        { name: 'display', mutability: 'readOnly', description: 'Display name of the group' },
        {
          name: 'type',
          canonicalValues: ['direct', 'indirect'],
          mutability: 'readOnly',
          description: 'Kind of membership: direct or indirect',
        },
      ],
    },
    {
      name: 'entitlements',
      type: 'complex',
      multiValued: true,
      description: 'Things the user has a right to',
      subAttributes: [{ name: 'value', description: 'Entitlement value' }, display, type, primary],
    },
    {
      name: 'roles',
      type: 'complex',
      multiValued: true,
      description: 'Roles that say who the user is',
      subAttributes: [{ name: 'value', description: 'Role value' }, display, type, primary],
    },
    {
      name: 'x509Certificates',
      type: 'complex',
      multiValued: true,
      description: 'Certificates issued to the user',
      subAttributes: [
        { name: 'value', type: 'binary', caseExact: true, description: 'One DER certificate, base64 encoded' },
        display,
        type,
        primary,
      ],
    },
  ],
})

/** A user with the enterprise extension, as JSON has it. */
export interface UserResource extends ResourceOf<typeof User, typeof EnterpriseUser> {}
