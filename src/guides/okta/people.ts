import { badValueFault, conflictFault, membersFault, notKeptFault } from '../shared/common.js'
import type { Step } from '../shared/guide.js'
import { groupCame, membersChanged, passwordCame, personCame, personLeft, secondPersonCame } from '../shared/seen.js'

/** From a connection to a company that is connected. */
export const peopleSteps: readonly Step[] = [
  {
    id: 'toApp',
    title: 'Let Okta create, change and deactivate people',
    texts: [
      '**Provisioning** › **To App** › **Edit**, then **Save**. Without this step Okta is connected and sends nobody: it is forgotten most often.',
    ],
    fields: [
      { id: 'create', label: 'Create Users', action: 'tick', value: '' },
      { id: 'update', label: 'Update User Attributes', action: 'tick', value: '' },
      { id: 'deactivate', label: 'Deactivate Users', action: 'tick', value: '' },
      { id: 'password', label: 'Sync Password', action: 'untick', value: '' },
    ],
    faults: [
      {
        id: 'nobodyCame',
        what: 'Okta is connected, and nobody comes.',
        fix: 'This step is missing, or nobody is assigned.',
        say: 'Connected at {time}, and nobody has come. This step is missing, or nobody is assigned.',
        after: 300,
      },
      {
        id: 'passwords',
        what: 'Okta sends passwords.',
        fix: '{product} does not use them: switch **Sync Password** off.',
        say: 'Okta sent a password. {product} does not use it: switch Sync Password off.',
        seen: passwordCame,
      },
    ],
  },
  {
    id: 'mapping',
    title: 'Look through the attribute mappings',
    texts: ['**Attribute Mappings** on the same page: remove the attributes that {product} does not keep.'],
    faults: [notKeptFault],
  },
  {
    id: 'assign',
    title: 'Assign one person',
    texts: [
      '**Assignments** › **Assign** › **Assign to People**: one person for the test. They arrive within seconds.',
    ],
    seen: personCame,
    done: 'The person has arrived: created, or linked to the account that was there.',
    faults: [
      {
        id: 'assignedBefore',
        what: 'The person was assigned before provisioning was switched on, and does not come.',
        fix: 'Press **Provision User** beside the mark on the person, or unassign and assign the person again.',
        after: 60,
      },
      conflictFault,
      badValueFault,
    ],
  },
  {
    id: 'groups',
    title: 'Push groups, if you want them',
    texts: [
      '**Push Groups** › **Find groups by name** › **Save**.',
      'Do not push the group by which you assign people: make another one.',
    ],
    seen: (entry) => groupCame(entry) || membersChanged(entry),
    done: 'The group has arrived.',
    faults: [
      membersFault,
      {
        id: 'pushError',
        what: 'Okta shows an error beside the group.',
        fix: 'A group of this name may be in {product} already: choose **Link Group** in place of **Create Group**. Then **Push now**.',
      },
    ],
  },
  {
    id: 'everybody',
    title: 'Assign the others',
    texts: [
      'Assign everybody who is to have an account, by person or by group.',
      'Errors stand in **Dashboard** › **Tasks**. When you have mended one, press **Retry selected** there.',
    ],
    seen: secondPersonCame,
    done: 'More people arrive.',
    faults: [conflictFault, badValueFault],
  },
  {
    id: 'leaver',
    title: 'Test a leaver',
    texts: [
      'Unassign the test person: they are inactive in {product} at once. Okta never deletes.',
      'The connection is ready. Okta sends only changes: a quiet week is normal. Note when the token ends, and replace it before that day.',
    ],
    seen: personLeft,
    done: 'Okta has sent the person again: look whether they are inactive in {product}.',
    faults: [
      {
        id: 'staysActive',
        what: 'The person stays active.',
        fix: '**Deactivate Users** is off, or the person is still assigned by a group.',
        after: 300,
      },
    ],
  },
]
