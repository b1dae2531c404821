// The people of the benchmark: about 0.9 kB each, as an identity provider sends them.
export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

export function user(n) {
  return {
    schemas: [USER, ENTERPRISE],
    externalId: `00u1ab2c3d4e5f6g7h${n}`,
    userName: `barbara.jensen${n}@example.com`,
    name: {
      formatted: 'Ms. Barbara J Jensen, III',
      familyName: 'Jensen',
      givenName: `Barbara ${n}`,
      middleName: 'Jane',
    },
    displayName: `Babs Jensen ${n}`,
    nickName: 'Babs',
    title: 'Tour Guide',
    userType: 'Employee',
    preferredLanguage: 'en-US',
    locale: 'en-US',
    timezone: 'America/Los_Angeles',
    active: true,
    emails: [
      { value: `bjensen${n}@example.com`, type: 'work', primary: true },
      { value: `babs${n}@jensen.org`, type: 'home' },
    ],
    phoneNumbers: [{ value: '555-555-5555', type: 'work' }],
    addresses: [
      {
        type: 'work',
        streetAddress: '100 Universal City Plaza',
        locality: 'Hollywood',
        region: 'CA',
        postalCode: '91608',
        country: 'US',
      },
    ],
    [ENTERPRISE]: { employeeNumber: `${700000 + n}`, department: 'Tour Operations', costCenter: '4130' },
  }
}
