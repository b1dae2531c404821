import { badValueFault, conflictFault, everybodyFault, membersFault } from '../shared/common.js'
import type { Step } from '../shared/guide.js'
import { personCame, personLeft, secondPersonCame } from '../shared/seen.js'

/** From the first person to a company that is connected. */
export const peopleSteps: readonly Step[] = [
  {
    id: 'assign',
    title: 'Assign one test person',
    texts: [
      '**Users and groups** › **Add user/group**: one person for the test.',
      'Members of nested groups do not come. Groups need Entra ID P1 and must be security-enabled.',
    ],
    faults: [
      {
        ...everybodyFault,
        until: 'startAll',
        fix: 'Is **Scope** set to **Sync only assigned users and groups**? **Provisioning** › **Settings**.',
        say: 'More than one person arrived: is Scope set to "Sync only assigned users and groups"?',
      },
    ],
  },
  {
    id: 'onDemand',
    title: 'Provision the person on demand',
    texts: [
      '**Provision on demand** › search the person › **Provision**. With OAuth do it before you press **Start provisioning**.',
    ],
    seen: personCame,
    done: 'The person has arrived: created, or linked to the account that was there.',
    faults: [
      {
        id: 'notYetAssigned',
        what: 'Entra says that the person is not assigned.',
        fix: 'Entra needs some minutes to notice an assignment. Wait, then press **Provision** again.',
        after: 120,
      },
      conflictFault,
      badValueFault,
      {
        id: 'fiveMembers',
        what: 'A group that is provisioned on demand has only five members in {product}.',
        fix: 'On demand Entra sends at most five members. The rest comes with the next cycle.',
      },
    ],
  },
  {
    id: 'notify',
    title: 'Let Entra tell you when it stops',
    texts: [
      '**Overview** › **Properties** › the pencil: enter an address for notifications, and set **Prevent accidental deletions** to 20.',
      'Entra writes to this address when it stops by itself (quarantine).',
    ],
    fields: [
      { id: 'mail', label: 'Notification email', action: 'paste', value: 'an address that somebody reads' },
      { id: 'deletions', label: 'Prevent accidental deletion', action: 'tick', value: '' },
      { id: 'threshold', label: 'Accidental deletion threshold', action: 'paste', value: '20' },
    ],
    faults: [],
  },
  {
    id: 'startAll',
    title: 'Assign the others and start',
    texts: [
      'Assign everybody who is to have an account, then press **Start provisioning**. The first cycle takes longer than the later ones, which run about every 40 minutes.',
    ],
    seen: secondPersonCame,
    done: 'The first cycle is running: people arrive.',
    faults: [
      {
        id: 'quarantine',
        what: 'Entra has not come for hours.',
        fix: 'Look at **Provisioning** › **Overview**. If it says **Quarantine**, the reason is there: mend it and press **Restart provisioning**. After four weeks in quarantine Entra switches the job off.',
        say: 'Entra has not come since {time}. Look at Provisioning › Overview: if it says Quarantine, the reason is there. Mend it and press Restart provisioning. After four weeks Entra switches the job off.',
        after: 10_800,
      },
      membersFault,
      conflictFault,
    ],
  },
  {
    id: 'leaver',
    title: 'Test a leaver',
    texts: [
      'Remove the assignment of the test person. Within 40 minutes, or at once by **Provision on demand**, the person is inactive in {product}.',
      'The connection is ready. Note when the token ends, and replace it before that day.',
    ],
    seen: personLeft,
    done: 'Entra has sent `active`: look whether the person is inactive in {product}.',
    faults: [
      {
        id: 'staysActive',
        what: 'The person stays active.',
        fix: 'The person is still assigned by a group, or the row of `active` is missing in the mapping.',
        after: 3_600,
      },
    ],
  },
]
