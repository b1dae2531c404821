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
import { groupCame, lookUpOfNobody, membersChanged, personCame, personLeft, secondPersonCame } from './shared/seen.js'

/** OneLogin. */
export const onelogin: Guide = {
  id: 'onelogin',
  name: 'OneLogin',
  supported: true,
  intro: [
    'OneLogin sends people and groups to {product} by SCIM 2.0. You need 15 minutes and the role of an administrator.',
  ],
  apps: [],
  methods: [{ id: 'token', title: 'SCIM Bearer Token', text: 'A URL and a token.' }],
  steps: [
    {
      id: 'add',
      title: 'Add the application',
      texts: [
        '**Applications** › **Add App** › search for **SCIM Provisioner with SAML (SCIM v2 Enterprise)**. Name: {product}. **Save**.',
      ],
      faults: [
        {
          id: 'otherTemplate',
          what: 'There are several templates of this name.',
          fix: 'Take one with **SCIM v2**. Those with **SCIM v1.1** or **Core Schema** speak an older version.',
        },
      ],
    },
    {
      id: 'connect',
      title: 'Paste the URL and the token',
      texts: ['Tab **Configuration**:'],
      fields: [paste('baseUrl', 'SCIM Base URL', '{url}'), paste('token', 'SCIM Bearer Token', '{token}')],
      faults: [...tokenFaults, urlFault],
    },
    {
      id: 'template',
      title: 'Look at the SCIM JSON Template',
      texts: [
        'The template on the same tab is what OneLogin sends. `active` stands in it as `true` or as the attribute of the user; remove what {product} does not keep.',
        'Tab **Parameters**: set **SCIM Username** to **Email** if people sign in to {product} with their address.',
      ],
      faults: [badValueFault, notKeptFault],
    },
    {
      id: 'enable',
      title: 'Enable the API connection',
      texts: ['Tab **Configuration** › **API Status** › **Enable**, then **Save**.'],
      seen: lookUpOfNobody,
      done: 'OneLogin looked for a person who does not exist and was told so: that is the test.',
      faults: [nothingCame],
    },
    {
      id: 'provisioning',
      title: 'Enable provisioning',
      texts: [
        'Tab **Provisioning** › **Enable provisioning**. Take away the ticks below **Require admin approval before this action is performed**, or approve each action by hand.',
      ],
      fields: [
        { id: 'enable', label: 'Enable provisioning', action: 'tick', value: '' },
        { id: 'approveCreate', label: 'Create user', action: 'untick', value: '' },
        { id: 'approveDelete', label: 'Delete user', action: 'untick', value: '' },
        { id: 'approveUpdate', label: 'Update user', action: 'untick', value: '' },
        {
          id: 'whenDeleted',
          label: 'When users are deleted in OneLogin, or the user’s app access is removed',
          action: 'choose',
          value: 'Suspend',
        },
      ],
      faults: [
        {
          id: 'approval',
          what: 'Nobody comes, and the people are **Pending** in OneLogin.',
          fix: 'The actions wait for approval: **Users** › **Provisioning**, select them, **Approve**. Or take the ticks away.',
          after: 300,
        },
      ],
    },
    {
      id: 'assign',
      title: 'Give one person access',
      texts: [
        '**Users** › a person › **Applications** › add {product}. Or tab **Access** of the application: a role with one person.',
      ],
      seen: personCame,
      done: 'The person has arrived: created, or linked to the account that was there.',
      faults: [conflictFault, badValueFault],
    },
    {
      id: 'groups',
      title: 'Send groups, if you want them',
      texts: [
        'Tab **Parameters** › **Groups** › **Include in User Provisioning**. Then tab **Rules**: a rule that sets groups in {product} from the roles of people.',
      ],
      seen: (entry) => groupCame(entry) || membersChanged(entry),
      done: 'The group has arrived.',
      faults: [membersFault],
    },
    {
      id: 'everybody',
      title: 'Give the others access',
      texts: [
        'Tab **Access**: the roles of all people who need an account. **Users** › **Provisioning** shows what is under way.',
      ],
      seen: secondPersonCame,
      done: 'More people arrive.',
      faults: [conflictFault],
    },
    {
      id: 'leaver',
      title: 'Test a leaver',
      texts: ['Take the access from the test person: they are inactive or gone in {product}.'],
      seen: personLeft,
      done: 'OneLogin has sent the person again: look whether they are inactive in {product}.',
      faults: [
        {
          id: 'staysActive',
          what: 'The person stays active.',
          fix: 'Look at the last choice of the tab **Provisioning**: **Do Nothing** leaves people active. Or the action waits for approval.',
          after: 300,
        },
      ],
    },
  ],
  symptoms: [
    {
      id: 'pending',
      shows: 'Pending',
      means: 'The action waits for approval by an administrator.',
      fix: '**Users** › **Provisioning** › **Approve**, or take away the ticks of the tab **Provisioning**.',
    },
    {
      id: 'failed',
      shows: 'Failed',
      means: '{product} refused the person. The reason stands beside the word.',
      fix: 'Mend the reason; then press **Retry** beside the person.',
      seen: ({ status, method }) => status >= 400 && method !== 'GET',
    },
  ],
  cadence: 'OneLogin sends changes when they happen. Silence is normal.',
  health: CHANGES_ONLY,
  rotation:
    'Make a new token in {product}. In OneLogin: tab **Configuration** › **API Status** › **Disable**, paste it into **SCIM Bearer Token**, **Enable**, **Save**. Revoke the old token when the new one has been used.',
  sources: [
    {
      id: 'lessonly',
      title: 'Lessonly: OneLogin SCIM configuration',
      url: 'https://intercom.help/lessonly/en/articles/3666593-onelogin-scim-configuration',
      checked: '2026-11-28',
    },
    {
      id: 'livingSecurity',
      title: 'Living Security: Configuring SCIM for OneLogin',
      url: 'https://www.livingsecurity.com/migration/support/configuring-scim-for-onelogin',
      checked: '2026-11-28',
    },
  ],
  unverified: [
    'No screen was seen: names of buttons and pages are from pages of other applications.',
    'The steps for groups, the words Pending, Failed and Retry, and the choice for leavers are from memory.',
  ],
}
