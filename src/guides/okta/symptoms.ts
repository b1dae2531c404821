import type { Symptom } from '../shared/guide.js'
import { conflict, unknownMember } from '../shared/seen.js'

/** The messages on Okta's own pages. */
export const symptoms: readonly Symptom[] = [
  {
    id: 'authenticating',
    shows: 'Error authenticating: null',
    means: 'The token was refused, or Okta did not reach {product}.',
    fix: 'If {product} shows a request, its reason stands there. If nothing arrived, a firewall or bot filter in front of {host} may have stopped it.',
    seen: ({ status }) => status === 401,
  },
  {
    id: 'unauthorized',
    shows: 'Automatic provisioning of user … failed: Error while verifying if user … exists: Unauthorized',
    means: 'The token was good once and is refused now.',
    fix: 'Make a new token in {product}, paste it under **Provisioning** › **Integration**, test and save. Then **Dashboard** › **Tasks** › **Retry selected**.',
    seen: ({ status }) => status === 401,
  },
  {
    id: 'matching',
    shows: 'Automatic provisioning of user … failed: Matching user not found',
    means: 'Okta is connected, but may not create people.',
    fix: '**Provisioning** › **To App**: switch **Create Users**, **Update User Attributes** and **Deactivate Users** on, then retry in **Dashboard** › **Tasks**.',
  },
  {
    id: 'assignedBefore',
    shows:
      'User was assigned this application before Provisioning was enabled and not provisioned in the downstream application. Click Provision User.',
    means: 'Okta does not send people who were assigned before.',
    fix: 'Press **Provision User**, or unassign and assign the person again.',
  },
  {
    id: 'conflict',
    shows: 'Automatic provisioning of user … failed: … Conflict',
    means: 'Somebody in {product} has the same user name or address already.',
    fix: 'Link the two accounts in {product}, or rename one of them; then **Dashboard** › **Tasks** › **Retry selected**.',
    seen: conflict,
  },
  {
    id: 'push',
    shows: 'Group push: Error',
    means: 'A member has no account in {product}, or a group of this name is there already.',
    fix: 'Assign the members to the application, or link the group; then **Push now**.',
    seen: unknownMember,
  },
]
