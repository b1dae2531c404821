import { notKeptFault } from '../shared/common.js'
import type { MappingRow, Step } from '../shared/guide.js'

const keep = (id: string, from: string, to: string): MappingRow => ({ id, from, to, action: 'keep' })

/** The rows that Entra makes for an application that is not in its gallery, and what to do with each. */
const rows: readonly MappingRow[] = [
  {
    ...keep('userName', 'userPrincipalName', 'userName'),
    note: 'Matching attribute, precedence 1.',
    signIn: 'userName',
  },
  {
    id: 'userNameFromMail',
    from: 'mail',
    to: 'userName',
    action: 'change',
    note: 'In place of `userPrincipalName`: people sign in to {product} by their mail address. Matching attribute, precedence 1.',
    signIn: 'emails',
  },
  {
    id: 'externalId',
    from: 'objectId',
    to: 'externalId',
    action: 'change',
    note: 'In place of `mailNickname`, which changes with the name of a person.',
  },
  {
    ...keep('active', 'Switch([IsSoftDeleted], , "False", "True", "True", "False")', 'active'),
    note: 'Leave it as it is: it switches leavers off.',
  },
  keep('displayName', 'displayName', 'displayName'),
  keep('email', 'mail', 'emails[type eq "work"].value'),
  keep('givenName', 'givenName', 'name.givenName'),
  keep('familyName', 'surname', 'name.familyName'),
  keep('formatted', 'Join(" ", [givenName], [surname])', 'name.formatted'),
  keep('title', 'jobTitle', 'title'),
  keep('language', 'preferredLanguage', 'preferredLanguage'),
  keep('address', 'physicalDeliveryOfficeName', 'addresses[type eq "work"].formatted'),
  keep('street', 'streetAddress', 'addresses[type eq "work"].streetAddress'),
  keep('city', 'city', 'addresses[type eq "work"].locality'),
  keep('region', 'state', 'addresses[type eq "work"].region'),
  keep('postalCode', 'postalCode', 'addresses[type eq "work"].postalCode'),
  keep('country', 'country', 'addresses[type eq "work"].country'),
  keep('phone', 'telephoneNumber', 'phoneNumbers[type eq "work"].value'),
  keep('mobile', 'mobile', 'phoneNumbers[type eq "mobile"].value'),
  keep('fax', 'facsimileTelephoneNumber', 'phoneNumbers[type eq "fax"].value'),
  keep('employeeNumber', 'employeeId', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber'),
  keep('department', 'department', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department'),
  keep('manager', 'manager', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager'),
]

export const mappingStep: Step = {
  id: 'mapping',
  title: 'Set the attribute mapping',
  texts: [
    '**Attribute mapping** › **Provision Microsoft Entra ID Users**. Make the rows read as in the table; delete the rows whose attribute {product} does not keep.',
    'Entra does not ask an application of your own which attributes it has. Add others by hand: **Show advanced options** › **Edit attribute list**, then the full name of the attribute and the type String.',
  ],
  mapping: rows,
  faults: [
    {
      id: 'otherDomain',
      what: 'The user name is not the address by which people sign in to {product}: they arrive twice.',
      fix: 'Map to `userName` the attribute that holds the address by which people sign in. `userPrincipalName` can have another domain than `mail`.',
      say: '{person} arrives as a name in {domain}; people here sign in with addresses of {expected}. Map mail to userName.',
    },
    {
      id: 'guests',
      what: 'Guests arrive with `#EXT#` in their user name.',
      fix: 'Map `mail` to `userName`, or leave guests out by a scoping filter: **userType EQUALS Member**.',
    },
    {
      id: 'emptyValues',
      what: 'A value that was emptied in Entra stays in {product}.',
      fix: 'Entra does not send attributes without a value. Give the row a default value, or empty the value in {product}.',
    },
    {
      id: 'specialCharacters',
      what: 'People with special characters in the matching attribute fail or arrive twice.',
      fix: 'Choose a matching attribute without them, such as `userPrincipalName`.',
    },
    notKeptFault,
  ],
}
