import type { Symptom } from '../shared/guide.js'
import { badValue, conflict } from '../shared/seen.js'

/** The messages on Entra's own pages. Its provisioning logs repeat our answer under "Web Response". */
export const symptoms: readonly Symptom[] = [
  {
    id: 'credentials',
    shows: 'You appear to have entered invalid credentials',
    means: 'Entra did not reach {product}, or the token was refused.',
    fix: 'If {product} shows a request, its reason stands there. If nothing arrived, a firewall or bot filter in front of {host} may have stopped it.',
    seen: ({ status }) => status === 401,
  },
  {
    id: 'credentialValidation',
    shows: 'SystemForCrossDomainIdentityManagementCredentialValidationFailure',
    means: 'The credentials were good once and are refused now. The job is in quarantine.',
    fix: 'Make a new token in {product}, paste it under **Provisioning** › **Connectivity**, test, save, and press **Restart provisioning**.',
    seen: ({ status }) => status === 401,
  },
  {
    id: 'badRequest',
    shows: 'SystemForCrossDomainIdentityManagementBadRequest: Failed to create User in customappsso; Web Response: …',
    means:
      '{product} refused a value. The reason stands behind **Web Response**, with the number of the request at its end.',
    fix: 'Mend the value or its row in the mapping. Look for the number of the request in the log of {product}.',
    seen: badValue,
  },
  {
    id: 'escrow',
    shows: 'EncounteredEscrowProportionThreshold',
    means: 'More than 40 % of at least 5,000 changes have failed. The job is in quarantine.',
    fix: 'Mend the commonest failure in the provisioning logs, then press **Restart provisioning**.',
  },
  {
    id: 'exportAdd',
    shows: 'EntryExportAdd, status 409',
    means: 'Somebody in {product} has the same user name or address already.',
    fix: 'Link the two accounts in {product}, or rename one of them; then provision the person on demand.',
    seen: conflict,
  },
  {
    id: 'manager',
    shows: 'The manager reference could not be resolved',
    means: 'The manager was not in scope when the person was sent, or came into scope later.',
    fix: 'Assign the manager, then press **Restart provisioning**: Entra sends the reference in the next full cycle.',
  },
  {
    id: 'notEntitled',
    shows: 'Skipped: not effectively entitled',
    means: 'The person is not assigned to the application, or only by a nested group.',
    fix: 'Assign the person or a group of which the person is a direct member.',
  },
  {
    id: 'quarantine',
    shows: 'Quarantine',
    means: 'Most calls have failed. Entra comes only once a day, and switches the job off after four weeks.',
    fix: 'The reason stands beside the word. Mend it and press **Restart provisioning**.',
  },
]
