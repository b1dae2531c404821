import type { Guide } from './shared/guide.js'
import { CHANGES_ONLY } from './shared/health.js'

/** Google Workspace, which cannot send people to an application that is not in its catalogue. */
export const google: Guide = {
  id: 'google',
  name: 'Google Workspace',
  supported: false,
  intro: [
    'Google Workspace has no outbound SCIM for custom applications: automated provisioning works only with the applications of its own catalogue, and {product} cannot be added by you.',
    'There is no URL and no token to paste. Here is what you can do instead.',
  ],
  apps: [],
  methods: [],
  steps: [
    {
      id: 'other',
      title: 'Use an identity provider between the two',
      texts: [
        'Let Microsoft Entra ID, Okta, OneLogin, JumpCloud or PingOne read the directory of Google Workspace, and connect that provider with {product}. Each of them has a guide of its own.',
      ],
      faults: [],
    },
    {
      id: 'signIn',
      title: 'Or create people when they sign in',
      texts: [
        'Set up single sign-on with Google. {product} can create an account at the first sign-in, if it offers that. A person who leaves can no longer sign in by Google, but their account, sessions and keys in {product} stay: remove them by hand. Ask {support}.',
      ],
      faults: [],
    },
    {
      id: 'directory',
      title: 'Or ask whether {product} reads the directory',
      texts: [
        'An application can read the people of Google Workspace by the Directory API of the Admin SDK, if an administrator allows it. Ask {support} whether {product} does.',
      ],
      faults: [
        {
          id: 'borrowed',
          what: 'Some pages advise to add another application of the catalogue and to paste the URL of {product} there.',
          fix: 'That is not supported: what it sends is made for the other application, and can change at any time.',
        },
      ],
    },
  ],
  symptoms: [],
  cadence: 'Nothing is sent.',
  health: CHANGES_ONLY,
  rotation: 'There is no token.',
  sources: [
    {
      id: 'automated',
      title: 'Google: Automated user provisioning and deprovisioning',
      url: 'https://support.google.com/cloudidentity/topic/7661972',
      checked: '2026-11-28',
    },
  ],
  unverified: ['Whether Google offers it to applications of their makers’ own outside the catalogue by contract.'],
}
