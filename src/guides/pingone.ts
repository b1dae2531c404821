import {
  badValueFault,
  conflictFault,
  membersFault,
  nothingCame,
  notKeptFault,
  paste,
  tokenFaults,
  urlFault,
} from './shared/common.js'
import type { Guide } from './shared/guide.js'
import { CHANGES_ONLY } from './shared/health.js'
import { groupCame, membersChanged, personCame, personLeft, reads, secondPersonCame, userZero } from './shared/seen.js'

const resources = [
  paste('baseUrl', 'SCIM Base URL', '{url}'),
  paste('users', 'Users Resource', '/Users'),
  paste('groups', 'Groups Resource', '/Groups'),
  { id: 'version', label: 'SCIM Version', action: 'choose', value: '2.0' },
] as const

/** PingOne. */
export const pingone: Guide = {
  id: 'pingone',
  name: 'PingOne',
  supported: true,
  intro: [
    'PingOne sends people and groups to {product} by SCIM 2.0. You need 20 minutes and an administrator of the environment.',
    'Two things must be switched on: the connection and its rule.',
  ],
  apps: [],
  methods: [
    { id: 'token', title: 'OAuth 2 Bearer Token', text: 'A URL and a token.' },
    {
      id: 'oauth',
      title: 'OAuth 2 Client Credentials',
      text: 'A client id and a secret, from which PingOne gets tokens.',
    },
  ],
  steps: [
    {
      id: 'connection',
      title: 'Make a connection',
      texts: [
        '**Integrations** › **Provisioning** › **+** › **New connection** › **Identity Store** › **SCIM Outbound** › **Next**. Name: {product}.',
      ],
      faults: [],
    },
    {
      id: 'token',
      title: 'Paste the URL and the token',
      methods: ['token'],
      texts: ['**Configure authentication**:'],
      fields: [
        ...resources,
        { id: 'method', label: 'Authentication Method', action: 'choose', value: 'OAuth 2 Bearer Token' },
        paste('accessToken', 'OAuth Access Token', '{token}'),
        { id: 'header', label: 'Auth Type Header', action: 'choose', value: 'Bearer' },
      ],
      faults: [...tokenFaults, urlFault],
    },
    {
      id: 'oauth',
      title: 'Paste the URL and the client credentials',
      methods: ['oauth'],
      texts: ['**Configure authentication**:'],
      fields: [
        ...resources,
        { id: 'method', label: 'Authentication Method', action: 'choose', value: 'OAuth 2 Client Credentials' },
        paste('tokenRequest', 'OAuth Token Request', '{tokenUrl}'),
        paste('clientId', 'OAuth Client ID', '{clientId}'),
        paste('clientSecret', 'OAuth Client Secret', '{clientSecret}'),
        { id: 'header', label: 'Auth Type Header', action: 'choose', value: 'Bearer' },
      ],
      faults: [...tokenFaults, urlFault],
    },
    {
      id: 'test',
      title: 'Test the connection',
      texts: ['Press **Test connection**, then **Continue**.'],
      seen: (entry) => reads(entry) || userZero(entry),
      done: 'PingOne is connected. It does not yet send anybody.',
      faults: [nothingCame],
    },
    {
      id: 'preferences',
      title: 'Set the preferences',
      texts: ['The user filter finds people who are in {product} already. Let leavers be disabled, not deleted.'],
      fields: [
        paste('filter', 'User Filter Expression', 'userName eq "%s"'),
        { id: 'identifier', label: 'User Identifier', action: 'choose', value: 'userName' },
        { id: 'create', label: 'Allow users to be created', action: 'tick', value: '' },
        { id: 'update', label: 'Allow users to be updated', action: 'tick', value: '' },
        { id: 'disable', label: 'Allow users to be disabled', action: 'tick', value: '' },
        { id: 'remove', label: 'Remove action', action: 'choose', value: 'Disable' },
      ],
      faults: [],
    },
    {
      id: 'rule',
      title: 'Make a rule',
      texts: [
        '**Provisioning** › **+** › **New rule**: source **PingOne**, target {product}. **User filter**: the people who are to have an account; for the test one person.',
        '**Attribute mapping**: add **User ID** → `externalId`; remove what {product} does not keep.',
      ],
      faults: [notKeptFault],
    },
    {
      id: 'switchOn',
      title: 'Switch both on',
      texts: ['The switch of the connection **and** the switch of the rule must be on.'],
      seen: personCame,
      done: 'The person has arrived: created, or linked to the account that was there.',
      faults: [
        {
          id: 'oneSwitch',
          what: 'The test was good, and nobody comes.',
          fix: 'One of the two switches is off, or the user filter of the rule finds nobody.',
          after: 600,
        },
        conflictFault,
        badValueFault,
      ],
    },
    {
      id: 'groups',
      title: 'Send groups, if you want them',
      texts: [
        'In the rule: **Group provisioning** › add the groups. Their members come if the user filter finds them.',
      ],
      seen: (entry) => groupCame(entry) || membersChanged(entry),
      done: 'The group has arrived.',
      faults: [membersFault],
    },
    {
      id: 'everybody',
      title: 'Widen the filter to the others',
      texts: ['Change the user filter of the rule to everybody who is to have an account.'],
      seen: secondPersonCame,
      done: 'More people arrive.',
      faults: [conflictFault],
    },
    {
      id: 'leaver',
      title: 'Test a leaver',
      texts: [
        'Disable the test person in PingOne, or let the filter no longer find them: they are inactive in {product}.',
      ],
      seen: personLeft,
      done: 'PingOne has sent the person again: look whether they are inactive in {product}.',
      faults: [
        {
          id: 'staysActive',
          what: 'The person stays active.',
          fix: '**Allow users to be disabled** is off.',
          after: 600,
        },
      ],
    },
  ],
  symptoms: [
    {
      id: 'testFailed',
      shows: 'Test Connection Failed',
      means: 'The token was refused, or PingOne did not reach {product}.',
      fix: 'The log of {product} shows the reason. If it is empty, a firewall in front of {host} may have stopped the request.',
      seen: ({ status }) => status === 401,
    },
    {
      id: 'partialSync',
      shows: 'Partial Sync',
      means: 'The connection may not update people.',
      fix: 'Tick **Allow users to be updated**, then press **Full Resync** in the rule.',
    },
  ],
  cadence: 'PingOne sends changes when they happen. Silence is normal.',
  health: CHANGES_ONLY,
  rotation:
    'Make a new token in {product}. In PingOne: the connection › **Configuration** › **Configure authentication**, paste it, test, save. PingOne then sends everybody again. Revoke the old token when the new one has been used.',
  sources: [
    {
      id: 'connection',
      title: 'PingOne: Creating a SCIM connection',
      url: 'https://docs.pingidentity.com/pingone/integrations/p1_create_scim_connection.html',
      checked: '2026-11-28',
    },
    {
      id: 'resync',
      title: 'PingOne: Provisioning configuration change resync behavior',
      url: 'https://docs.pingidentity.com/pingone/integrations/p1_resync_configurations.html',
      checked: '2026-11-28',
    },
    {
      id: 'groups',
      title: 'PingOne: Outbound group provisioning',
      url: 'https://docs.pingidentity.com/pingone/integrations/p1_provisioning_outbound_group_provisioning.html',
      checked: '2026-11-28',
    },
  ],
  unverified: [
    'No screen was seen: names of buttons and pages are from texts.',
    'That the test asks for user 0 is written of another provisioner of Ping, and assumed of this one.',
    'The exact labels of the preferences are from the parameters of its API.',
  ],
}
