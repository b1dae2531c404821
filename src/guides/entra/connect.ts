import { foreign404, nothingCame, paste, tokenFaults, urlFault } from '../shared/common.js'
import type { Step } from '../shared/guide.js'
import { refused, testOfEntra, works } from '../shared/seen.js'

/** From the first page to a connection that has been tested and saved. */
export const connectSteps: readonly Step[] = [
  {
    id: 'start',
    title: 'Connect your company directory',
    texts: [
      'People whom you assign in Microsoft Entra ID get an account in {product}. Changes arrive within about 40 minutes. A person who leaves loses access.',
      'The pages of Entra call this provisioning by SCIM. SCIM is the standard in which Entra and {product} talk about accounts; you need not know more of it.',
      'You need 15 minutes and the role **Application Administrator** in Entra; to assign groups, a licence of Entra ID P1. Nothing changes in {product} until you provision the first person.',
    ],
    faults: [
      {
        id: 'noRole',
        what: 'You are not an administrator of Entra.',
        fix: 'Send this page to a colleague who is. Nothing else of {product} is shown to them.',
      },
    ],
  },
  {
    id: 'app',
    title: 'Find or make the application in Entra',
    texts: [
      'Open the Entra admin center: **Entra ID** › **Enterprise apps**. Look whether there is an application for {product}, and how people sign in with it: its page **Single sign-on** says so.',
    ],
    faults: [
      {
        id: 'noProvisioning',
        what: 'The application has no page **Provisioning**, or the page offers nothing.',
        fix: 'It is an app registration ("Sign in with Microsoft"), which cannot provision. Make a second application as described for that kind.',
      },
    ],
  },
  {
    id: 'method',
    title: 'Open Provisioning and choose a method',
    texts: [
      'In the application: **Provisioning** › **New configuration**. Older pages: **Get started**, then **Provisioning Mode: Automatic**.',
      'Choose a method here, and the same one in Entra under **Select authentication method**.',
    ],
    faults: [
      {
        id: 'olderPage',
        what: 'The page shows only **Tenant URL** and **Secret Token**.',
        fix: 'Take these two: **Bearer authentication** is fine.',
      },
    ],
  },
  {
    id: 'token',
    title: 'Paste the URL and the token',
    methods: ['token'],
    texts: ['Copy these two into Entra. The token is shown once. If you lose it, make another in {product}.'],
    fields: [
      paste('tenantUrl', 'Tenant URL', '{url}?aadOptscim062020', 'With the part behind the question mark.'),
      paste('secretToken', 'Secret Token', '{token}'),
    ],
    faults: [
      ...tokenFaults,
      urlFault,
      {
        id: 'wrongField',
        what: 'URL and token stand in each other’s field.',
        fix: 'The URL begins with `https://`. Paste both again.',
      },
    ],
  },
  {
    id: 'oauth',
    title: 'Paste the URL and the client credentials',
    methods: ['oauth'],
    texts: ['Choose **OAuth2 client credentials** and copy these into Entra. The secret is shown once.'],
    fields: [
      paste('tenantUrl', 'Tenant URL', '{url}?aadOptscim062020'),
      paste('tokenEndpoint', 'OAuth token endpoint', '{tokenUrl}'),
      paste('clientId', 'Client ID', '{clientId}'),
      paste('clientSecret', 'Client secret', '{clientSecret}'),
      { id: 'how', label: 'How credentials are sent', action: 'choose', value: 'Header' },
      paste('scopes', 'OAuth 2.0 scopes', 'scim', 'Any other text does no harm.'),
    ],
    faults: [
      ...tokenFaults,
      urlFault,
      {
        id: 'both',
        what: 'How credentials are sent is set to **Both**.',
        fix: '**Header** is the one to choose. **Both** is taken as well where {product} allows it.',
      },
    ],
  },
  {
    id: 'federated',
    title: 'Register the workload identity',
    methods: ['federated'],
    texts: [
      'Choose **Workload identity federation** › **Register new**. Entra shows four values: issuer, subject, audience and tenant. Copy all of them into the box in {product}, in any order.',
      'Press **Take these values**. Then copy the three values under the box into Entra.',
    ],
    fields: [
      paste('clientId', 'Client ID', '{clientId}'),
      paste('tokenUrl', 'Token URL', '{tokenUrl}'),
      paste('scimUrl', 'SCIM URL', '{url}?aadOptscim062020'),
    ],
    faults: [
      {
        id: 'issuer',
        what: 'The issuer is of an older form, or of another directory.',
        fix: 'The issuer must be `https://login.microsoftonline.com/`, the id of your tenant, and `/v2.0`. Copy the four values again.',
        say: 'This issuer does not end in /v2.0, or it names another tenant. Copy the four values again.',
        seen: refused('issuer'),
      },
      {
        id: 'audience',
        what: 'The audience that Entra sends is not the one that you pasted.',
        fix: 'Compare the audience in {product} with the one on the page of Entra; take the one that Entra sends.',
        say: 'Entra sends the audience {sent}; you pasted {expected}. Take the one that Entra sends, if subject and issuer are yours.',
        seen: refused('audience'),
      },
      ...tokenFaults,
      urlFault,
    ],
  },
  {
    id: 'test',
    title: 'Press Test Connection',
    texts: ['Press **Test Connection** in Entra. The answer takes some seconds.'],
    seen: testOfEntra,
    done: 'Entra looked for a person who does not exist and was told so: that is the test.',
    faults: [
      {
        ...nothingCame,
        what: 'Entra says that the credentials are invalid or that it cannot connect, and nothing arrives in {product}.',
      },
      foreign404,
    ],
  },
  {
    id: 'save',
    title: 'Press Create or Save',
    texts: ['Press **Create** (older pages: **Save**) at the top of the page. Without it Entra forgets everything.'],
    seen: works,
    faults: [
      {
        id: 'notSaved',
        what: 'The test was good, and nothing more arrives.',
        fix: 'Was it saved? The button is at the top of the page.',
        after: 600,
      },
    ],
  },
]
