import type { Guide } from '../shared/guide.js'
import { CHANGES_ONLY } from '../shared/health.js'
import { connectSteps } from './connect.js'
import { peopleSteps } from './people.js'
import { symptoms } from './symptoms.js'

const TEST_APP =
  '**Applications** › **Browse App Catalog** › **SCIM 2.0 Test App (OAuth Bearer Token)** › **Add Integration**; label: {product} provisioning; sign-on: any, nobody uses it.'

/** Okta. */
export const okta: Guide = {
  id: 'okta',
  name: 'Okta',
  supported: true,
  intro: ['Okta sends people and groups to {product} by the standard SCIM 2.0.'],
  apps: [
    {
      id: 'custom',
      title: 'An application that you made for SAML or SWA',
      text: 'Use this application.',
      methods: ['header'],
    },
    {
      id: 'oidc',
      title: 'An application that you made for OpenID Connect ("Sign in with Okta")',
      text: `Add a second application for provisioning: ${TEST_APP}`,
      methods: ['token', 'header'],
    },
    {
      id: 'catalog',
      title: '{product} from Okta’s catalogue',
      text: 'Use this application.',
      methods: ['token'],
    },
    { id: 'none', title: 'There is none, or you do not know', text: TEST_APP, methods: ['token', 'header'] },
  ],
  methods: [
    { id: 'token', title: 'OAuth Bearer Token', text: 'Okta puts the word Bearer before the token.' },
    { id: 'header', title: 'HTTP Header', text: 'Okta sends the text of the field unchanged.' },
  ],
  steps: [...connectSteps, ...peopleSteps],
  symptoms,
  cadence: 'Okta sends only changes, within seconds. A quiet week is normal.',
  health: CHANGES_ONLY,
  rotation:
    'Make a new token in {product}. In Okta: **Provisioning** › **Integration** › **Edit**, paste it, test and save. Revoke the old token when the new one has been used. If Okta was refused in between, **Dashboard** › **Tasks** › **Retry selected**.',
  sources: [
    {
      id: 'prepare',
      title: 'Okta: Connect a SCIM API service to Okta',
      url: 'https://developer.okta.com/docs/guides/scim-provisioning-integration-connect/main/',
      checked: '2026-11-27',
    },
    {
      id: 'troubleshoot',
      title: 'Okta: Troubleshoot provisioning',
      url: 'https://help.okta.com/oie/en-us/Content/Topics/Provisioning/lcm/troubleshooting.htm',
      checked: '2026-11-28',
    },
    {
      id: 'assignedBefore',
      title: 'Okta: User was assigned this application before provisioning was enabled',
      url: 'https://support.okta.com/help/s/article/Provisioning-Error-User-Was-Assigned-This-Application-Before-Provisioning-Was-Enabled-And-Not-Provisioned-In-The-Downstream-Application-Click-Provision-User',
      checked: '2026-11-28',
    },
  ],
  unverified: [
    'No screen was seen: names of buttons and pages are from texts.',
    'In which plans Lifecycle Management is contained.',
    'The advice against pushing the group by which people are assigned.',
    'The words of a failed group push and of a conflict.',
  ],
}
