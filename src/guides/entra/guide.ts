import type { Guide } from '../shared/guide.js'
import { EVERY_CYCLE } from '../shared/health.js'
import { connectSteps } from './connect.js'
import { mappingStep } from './mapping.js'
import { peopleSteps } from './people.js'
import { symptoms } from './symptoms.js'

const SECOND_APP =
  'Make a second application for provisioning: **New application** › **Create your own application** › name: {product} provisioning › **Integrate any other application you don’t find in the gallery (Non-gallery)** › **Create**.'

/** Microsoft Entra ID, with an application that is not in its gallery. */
export const entra: Guide = {
  id: 'entra',
  name: 'Microsoft Entra ID',
  supported: true,
  intro: [
    'Microsoft Entra ID sends people and groups to {product} by the standard SCIM 2.0.',
    'This guide is for an application that you add yourself (non-gallery).',
  ],
  apps: [
    {
      id: 'saml',
      title: 'There is one, and people sign in with it by SAML',
      text: 'Use this application: open it and go on with **Provisioning**.',
    },
    {
      id: 'oidc',
      title: 'There is one, and people use "Sign in with Microsoft" (OpenID Connect)',
      text: `Such an app registration cannot provision. ${SECOND_APP}`,
    },
    { id: 'none', title: 'There is none, or you do not know', text: SECOND_APP },
  ],
  methods: [
    { id: 'token', title: 'Bearer authentication', text: 'A URL and a token. Every page of Entra has it.' },
    {
      id: 'oauth',
      title: 'OAuth2 client credentials',
      text: 'A client id and a secret, from which Entra gets tokens for an hour.',
    },
    {
      id: 'federated',
      title: 'Workload identity federation',
      text: 'Entra proves who it is; no secret is stored at either side.',
    },
  ],
  steps: [...connectSteps, mappingStep, ...peopleSteps],
  symptoms,
  cadence:
    'Entra comes about every 40 minutes, also if nothing has changed. No request for two hours is late; no request for more than a day means that the job is stopped.',
  health: EVERY_CYCLE,
  rotation:
    'Make a new token in {product}. In Entra: **Provisioning** › **Connectivity** (older pages: **Edit provisioning** › **Admin Credentials**), paste it into **Secret Token**, press **Test Connection**, save. Revoke the old token when the new one has been used.',
  sources: [
    {
      id: 'develop',
      title: 'Microsoft: Develop and plan provisioning for a SCIM endpoint',
      url: 'https://learn.microsoft.com/en-us/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups',
      checked: '2026-11-27',
    },
    {
      id: 'gallery',
      title: 'Microsoft: Requirements of user provisioning for the gallery',
      url: 'https://github.com/MicrosoftDocs/entra-docs/blob/main/docs/identity/enterprise-apps/app-gallery-user-provisioning-requirements.md',
      checked: '2026-11-27',
    },
    {
      id: 'quarantine',
      title: 'Microsoft: Application provisioning in quarantine status',
      url: 'https://learn.microsoft.com/en-us/entra/identity/app-provisioning/application-provisioning-quarantine-status',
      checked: '2026-11-28',
    },
    {
      id: 'federation',
      title: 'Microsoft: Workload identity federation for SCIM provisioning',
      url: 'https://github.com/AzureAD/SCIMReferenceCode',
      checked: '2026-11-27',
    },
  ],
  unverified: [
    'No screen was seen: names of buttons and pages are from texts.',
    'The words of a failed Test Connection are from memory.',
    'That Entra asks in each cycle also if nothing has changed follows from its documentation; no capture confirms it.',
    'The default rows of the attribute mapping are from memory of Microsoft’s page.',
  ],
}
