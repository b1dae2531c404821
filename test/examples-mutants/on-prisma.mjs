/** Faults that an author could make in examples/prisma; `check` is the name of the check that finds the fault. */
export const MUTANTS = [
  {
    what: 'finds everybody without a tenant',
    change: ['{ in: tenant === undefined ? [] : [tenant] }', 'tenant'],
    check: 'User: a request without a tenant finds nothing of any tenant',
  },
  {
    what: 'reads by id whatever the tenant',
    change: ['findFirst({ where: own(call, { id }), include', 'findFirst({ where: { id }, include'],
    check: 'User: the resource of one tenant does not exist for another',
  },
  {
    what: 'changes by id whatever the tenant',
    change: [
      'updateMany({ where: own(call, { id, ...revisions }), data })',
      'updateMany({ where: { id, ...revisions }, data })',
    ],
    check: 'User: the resource of one tenant does not exist for another',
  },
  {
    what: 'lists whatever the tenant',
    change: ['const all = { where: own(call, where), include', 'const all = { where, include'],
    check: 'User: a request without a tenant finds nothing of any tenant',
  },
  {
    what: 'counts whatever the tenant',
    change: ['count({ where: all.where })', 'count({ where })'],
    check: 'User: no list of one tenant has or counts a resource of another',
  },
  {
    what: 'takes users of another tenant as members',
    change: ['count({ where: { orgId: tenant, id: { in: ids } } })', 'count({ where: { id: { in: ids } } })'],
    check: 'Group: a reference to a resource of another tenant shows nothing of it',
  },
  {
    what: 'has pages begin one too late',
    change: ['skip: query.startIndex - 1', 'skip: query.startIndex'],
    check: 'User: each attribute is cleared and replaced by itself, by replace and by patch',
  },
  {
    what: 'tells the number of resources of a page as the total',
    change: [
      'resources: found.map(toResource), totalResults }',
      'resources: found.map(toResource), totalResults: found.length }',
    ],
    check: 'User: filter: a unique value finds only its resource',
  },
  {
    what: 'leaves the order of pages to the database',
    change: ["[{ id: 'asc' }]", "[{ enabled: 'asc' }]"],
    check: 'Group: each attribute is cleared and replaced by itself, by replace and by patch',
  },
  {
    what: 'forgets the rest of a filter',
    change: ['if (rest || !orderBy', 'if (!orderBy'],
    check: 'User: filter: a part of a complex attribute',
  },
  {
    what: 'writes whatever the condition',
    change: ['const revisions = call.ifMatch && {', 'const revisions = false && {'],
    check: 'User: a condition that does not hold answers stale and changes nothing',
  },
  {
    what: 'takes a stale write for a missing user',
    change: ["? 'stale' : none", '? none : none'],
    check: 'User: a condition that does not hold answers stale and changes nothing',
  },
  {
    what: 'has one version for ever',
    change: ['revision: { increment: 1 }', 'revision: { increment: 0 }'],
    check: 'User: every callback gives the same version of a resource',
  },
  {
    what: 'moves the time of creation',
    change: ['({ updatedAt: new Date(), revision', '({ updatedAt: new Date(), createdAt: new Date(), revision'],
    check: 'User: created and lastModified are times, created stays and lastModified moves on',
  },
  {
    what: 'never moves the time of the last change',
    change: ['({ updatedAt: new Date(), revision', '({ revision'],
    check: 'User: created and lastModified are times, created stays and lastModified moves on',
  },
  {
    what: 'drops the external id of a user',
    change: ['    externalId,\n    firstName', '    firstName'],
    check: 'User: the store keeps every attribute of the schema',
  },
  {
    what: 'keeps the external id of a user whom PUT gives none',
    change: ['externalId = null, name = {}, active', 'externalId, name = {}, active'],
    check: 'User: each attribute is cleared and replaced by itself, by replace and by patch',
  },
  {
    what: 'keeps the external id of a group which PUT gives none',
    change: ['({ displayName, externalId = null })', '({ displayName, externalId })'],
    check: 'Group: each attribute is cleared and replaced by itself, by replace and by patch',
  },
  {
    what: 'keeps a family name that goes',
    change: ['lastName: name.familyName ?? null', 'lastName: name.familyName'],
    check: 'User: replace clears attributes that the draft lacks',
  },
  {
    what: 'mixes up two columns',
    change: [
      'givenName: record.firstName, familyName: record.lastName',
      'givenName: record.lastName, familyName: record.firstName',
    ],
    check: 'User: create stores the whole draft, and get finds it',
  },
  {
    what: 'has everybody active',
    change: ['enabled: active', 'enabled: true'],
    check: 'User: create stores the whole draft, and get finds it',
  },
  {
    what: 'turns active round',
    change: ['active: record.enabled', 'active: !record.enabled'],
    check: 'User: create stores the whole draft, and get finds it',
  },
  {
    what: 'stores names in lower case',
    change: ['email: userName,', 'email: userName.toLowerCase(),'],
    check: 'User: replace and patch refuse a unique value that is in use, and change nothing',
  },
  {
    what: 'folds names of a PUT no more',
    change: ['emailKey: emailKey(userName)', 'emailKey: userName'],
    check: 'User: create refuses a unique value that is in use, and creates nothing',
  },
  {
    what: 'filters by the wrong column',
    file: 'mapping.js',
    change: ["'name.givenName': 'firstName'", "'name.givenName': 'lastName'"],
    check: 'User: filter: every text is compared letter by letter, with % and _ and * like any other',
  },
  {
    what: 'takes a column that may be empty for one that never is',
    file: 'mapping.js',
    change: ["externalId: 'externalId'", "externalId: { field: 'externalId', required: true }"],
    check: 'User: filter: a resource without externalId',
  },
  {
    what: 'filters members of another type',
    file: 'mapping.js',
    change: ["type: { constant: 'User' }", "type: { constant: 'Group' }"],
    check: 'Group: filter: the resources that refer to another one',
  },
  {
    what: 'has no unique names',
    file: 'tables.sql',
    change: ['CREATE UNIQUE INDEX IF NOT EXISTS "Account_orgId', 'CREATE INDEX IF NOT EXISTS "Account_orgId'],
    check: 'User: create refuses a unique value that is in use, and creates nothing',
  },
  {
    what: 'has names unique across tenants',
    file: 'tables.sql',
    change: ['"Account" ("orgId", "emailKey")', '"Account" ("emailKey")'],
    check: 'User: a unique value of one tenant is free for another',
  },
  {
    what: 'has unique names that know letter case',
    file: 'tables.sql',
    change: ['"Account" ("orgId", "emailKey")', '"Account" ("orgId", "email")'],
    check: 'User: create refuses a unique value that is in use, and creates nothing',
  },
  {
    what: 'keeps the memberships of a user who goes',
    file: 'tables.sql',
    change: ['REFERENCES "Account" ("id") ON DELETE CASCADE ON UPDATE CASCADE', ''],
    check: 'Group: delete leaves no reference to the deleted resource',
  },
  {
    what: 'leaves the version of the groups of a user who goes',
    change: ['await db.team.updateMany({ where: { memberships: { some: { accountId: id } } }, data: touched() })', ''],
    check: 'Group: delete leaves no reference to the deleted resource',
  },
  {
    what: 'answers a conflict with everything else, too',
    file: 'resources.js',
    change: ["if (code === 'P2002') return", 'if (true) return'],
    check: 'User: mapError turns only the errors that it knows into a refusal',
  },
  {
    what: 'tells no conflict',
    file: 'resources.js',
    change: ["code === 'P2002'", "code === 'P2003'"],
    check: 'User: create refuses a unique value that is in use, and creates nothing',
  },
  {
    what: 'has always deleted',
    change: [
      'change(id, call, false, touched(), async (db) => {\n        // A group',
      'change(id, call, true, touched(), async (db) => {\n        // A group',
    ],
    check: 'User: ids that no resource has are missing, whatever their shape',
  },
  {
    what: 'deletes nobody',
    change: ['await db.account.delete({ where: { id } })', ''],
    check: 'User: a deleted resource does not exist for any callback',
  },
  {
    what: 'keeps members that PUT leaves out',
    change: [
      '{ deleteMany: {}, create: await membershipsOf(db, draft, call) }',
      '{ create: await membershipsOf(db, draft, call) }',
    ],
    check: 'Group: the store keeps no reference to the draft object',
  },
  {
    what: 'ignores the members of a PUT',
    change: ['{ deleteMany: {}, create: await membershipsOf(db, draft, call) }', '{}'],
    check: 'Group: replace replaces the stored resource with the whole draft',
  },
  {
    what: 'makes groups without members',
    change: ['{ create: await membershipsOf(db, draft, call) }\n        const data', '{}\n        const data'],
    check: 'Group: the store keeps every attribute of the schema',
  },
  {
    what: 'drops members that nobody knows',
    change: [
      "if (found < ids.length) throw ScimError.invalidValue('A member is no user.')",
      'if (found < ids.length) return []',
    ],
    check: 'Group: delete leaves no reference to the deleted resource',
  },
  {
    what: 'reads fifty members',
    change: ['memberships: { include: { account: true } }', 'memberships: { include: { account: true }, take: 50 }'],
    check: 'Group: a list with very many values comes back whole, and is changed value by value',
  },
  {
    what: 'shows no members in lists',
    change: [
      'const all = { where: own(call, where), include: include(call) }',
      'const all = { where: own(call, where) }',
    ],
    check: 'Group: delete leaves no reference to the deleted resource',
  },
  {
    what: 'shows the name in place of the id of a member',
    change: ['value: account.id', 'value: account.email'],
    check: 'Group: create stores the whole draft, and get finds it',
  },
  {
    what: 'takes what a draft lacks for an error',
    change: ['name = {}, active', 'name, active'],
    check: 'User: create stores a draft with only the required attributes',
  },
]
