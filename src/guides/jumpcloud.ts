import {
  badValueFault,
  conflictFault,
  membersFault,
  nothingCame,
  paste,
  tokenFaults,
  urlFault,
} from './shared/common.js'
import type { Guide } from './shared/guide.js'
import { CHANGES_ONLY } from './shared/health.js'
import { groupCame, personCame, personLeft, reads, secondPersonCame } from './shared/seen.js'

/** JumpCloud. */
export const jumpcloud: Guide = {
  id: 'jumpcloud',
  name: 'JumpCloud',
  supported: true,
  intro: [
    'JumpCloud sends people and groups to {product} by SCIM 2.0. You need 10 minutes and the role of an administrator.',
  ],
  apps: [
    {
      id: 'sso',
      title: 'An application that you made for single sign-on',
      text: 'Use this application.',
    },
    {
      id: 'none',
      title: 'There is none',
      text: '**SSO Applications** › **Add New Application** › **Custom Application** › **Export users to this app (Identity Management)**. Name: {product}. **Save Application** › **Configure Application**.',
    },
  ],
  methods: [{ id: 'token', title: 'Token Key', text: 'A URL and a token.' }],
  steps: [
    {
      id: 'app',
      title: 'Open the application',
      texts: ['**SSO Applications** in the Admin Portal: open {product}, tab **Identity Management**.'],
      faults: [
        {
          id: 'noTab',
          what: 'The application has no tab **Identity Management**.',
          fix: 'Edit the application and choose **Export users to this app (Identity Management)**.',
        },
      ],
    },
    {
      id: 'connect',
      title: 'Paste the URL and the token',
      texts: [
        'JumpCloud wants the address of a test user. It creates this person and a test group in {product}, changes them and deletes both. Take an address that nobody has.',
      ],
      fields: [
        { id: 'version', label: 'SCIM Version', action: 'choose', value: 'SCIM 2.0' },
        paste('baseUrl', 'Base URL', '{url}'),
        paste('token', 'Token Key', '{token}'),
        paste('testUser', 'Test User Email', 'an address of your domain that nobody has'),
      ],
      faults: [...tokenFaults, urlFault],
    },
    {
      id: 'test',
      title: 'Test and activate',
      texts: ['Press **Test Connection**, then **Activate**, then **Save**.'],
      seen: reads,
      done: 'JumpCloud is connected. It has created a test person and a test group, and deletes them again.',
      faults: [
        nothingCame,
        {
          ...conflictFault,
          id: 'testUserThere',
          what: 'The activation fails: the test person is in {product} already.',
          fix: 'Choose an address for **Test User Email** that nobody has, and activate again.',
        },
        {
          id: 'testUserStays',
          what: 'The test person stays in {product}.',
          fix: 'If {product} only switches people off, delete the test person by hand.',
        },
      ],
    },
    {
      id: 'groups',
      title: 'Choose the attributes that are sent',
      texts: [
        '**Enable management of User Groups and Group Membership in this application** if groups are to come too. Groups without members are not made; a group of the same name in {product} is taken over.',
      ],
      fields: [
        { id: 'groups', label: 'Enable management of User Groups and Group Membership', action: 'tick', value: '' },
      ],
      seen: groupCame,
      faults: [membersFault],
    },
    {
      id: 'assign',
      title: 'Assign a group with one person',
      texts: [
        'Tab **User Groups**: tick a group with one test person, **Save**. JumpCloud sends the members of ticked groups.',
      ],
      seen: personCame,
      done: 'A person has arrived: created, or linked to the account that was there.',
      faults: [conflictFault, badValueFault],
    },
    {
      id: 'everybody',
      title: 'Assign the others',
      texts: ['Tick the groups of all people who need an account, **Save**. They arrive within minutes.'],
      seen: secondPersonCame,
      done: 'More people arrive.',
      faults: [conflictFault],
    },
    {
      id: 'leaver',
      title: 'Test a leaver',
      texts: ['Take the test person out of the group: they are inactive in {product}.'],
      seen: personLeft,
      done: 'JumpCloud has sent the person again: look whether they are inactive in {product}.',
      faults: [
        {
          id: 'staysActive',
          what: 'The person stays active.',
          fix: 'Another ticked group still has the person.',
          after: 600,
        },
      ],
    },
  ],
  symptoms: [
    {
      id: 'testFailed',
      shows: 'There was a problem testing your connection',
      means: 'The token was refused, the URL is not right, or the test person could not be created.',
      fix: 'The log of {product} shows which request was refused. If it is empty, a firewall in front of {host} may have stopped it.',
      seen: ({ status }) => status === 401 || status === 409,
    },
  ],
  cadence: 'JumpCloud sends changes within minutes. Silence is normal.',
  health: CHANGES_ONLY,
  rotation:
    'Make a new token in {product}. In JumpCloud: tab **Identity Management**, paste it into **Token Key**, **Test Connection**, **Save**. Revoke the old token when the new one has been used.',
  sources: [
    {
      id: 'custom',
      title: 'JumpCloud: Identity Management using a custom SCIM integration',
      url: 'https://support.jumpcloud.com/s/article/Custom-SCIM-Identity-Management',
      checked: '2026-11-28',
    },
    {
      id: 'propelAuth',
      title: 'PropelAuth: JumpCloud set-up guide',
      url: 'https://docs.byo.propelauth.com/scim/example-setup-guides/jumpcloud',
      checked: '2026-11-28',
    },
  ],
  unverified: [
    'No screen was seen: names of buttons and pages are from texts.',
    'The words of a failed test are from memory.',
  ],
}
