import { bareTokenFault, foreign404, nothingCame, paste, tokenFaults, urlFault } from '../shared/common.js'
import type { Step } from '../shared/guide.js'
import { looksById, reads, readsEverybody } from '../shared/seen.js'

const baseUrl = '{url}'

/** From the first page to a connection that has been tested. */
export const connectSteps: readonly Step[] = [
  {
    id: 'start',
    title: 'Connect your company directory',
    texts: [
      'People whom you assign in Okta get an account in {product}. Changes arrive within seconds. A person who leaves loses access.',
      'The pages of Okta call this provisioning by SCIM. SCIM is the standard in which Okta and {product} talk about accounts; you need not know more of it.',
      'You need 10 minutes, an administrator who may manage applications, and **Lifecycle Management** in your plan. Nothing changes in {product} until you assign the first person.',
    ],
    faults: [
      {
        id: 'noFeature',
        what: 'The application shows no tab **Provisioning**.',
        fix: 'Your plan may lack **Lifecycle Management**: ask your contact at Okta.',
      },
      {
        id: 'noRole',
        what: 'You are not an administrator of Okta.',
        fix: 'Send this page to a colleague who is. Nothing else of {product} is shown to them.',
      },
    ],
  },
  {
    id: 'app',
    title: 'Find out which Okta application {product} is',
    texts: [
      'Open **Applications** › **Applications** in the Admin Console and look for {product}. The tab **Sign On** of an application says of which kind it is.',
    ],
    faults: [
      {
        id: 'oidcOnly',
        what: 'The application is of the kind OpenID Connect and offers no SCIM.',
        fix: 'The classic wizard cannot provision with it. Add a second application as described for that kind.',
      },
    ],
  },
  {
    id: 'enable',
    title: 'Switch provisioning on',
    apps: ['custom'],
    texts: [
      '**General** › **App Settings** › **Edit** › **Provisioning: SCIM** › **Save**. Newer pages call it **Enable SCIM provisioning**.',
      'A tab **Provisioning** appears.',
    ],
    faults: [{ id: 'noTab', what: 'The tab does not appear.', fix: 'Reload the page.' }],
  },
  {
    id: 'connector',
    title: 'Paste the URL and the token',
    apps: ['custom'],
    texts: ['**Provisioning** › **Integration** › **Edit**. Fill the fields in:'],
    fields: [
      paste('baseUrl', 'SCIM connector base URL', baseUrl),
      paste('unique', 'Unique identifier field for users', 'userName'),
      { id: 'import', label: 'Import New Users and Profile Updates', action: 'untick', value: '' },
      { id: 'newUsers', label: 'Push New Users', action: 'tick', value: '' },
      { id: 'updates', label: 'Push Profile Updates', action: 'tick', value: '' },
      { id: 'groups', label: 'Push Groups', action: 'tick', value: '' },
      { id: 'mode', label: 'Authentication Mode', action: 'choose', value: 'HTTP Header' },
      paste('authorization', 'Authorization', '{token}'),
    ],
    faults: [
      ...tokenFaults,
      bareTokenFault,
      urlFault,
      {
        id: 'uniqueId',
        what: 'The unique identifier is `id`.',
        fix: 'Type `userName` there. Okta does not know the `id` of people before it has created them.',
        seen: looksById,
      },
      {
        id: 'imports',
        what: 'Okta reads everybody from {product}.',
        fix: 'Switch **Import New Users and Profile Updates** off, unless you want people of {product} in Okta.',
        seen: readsEverybody,
      },
    ],
  },
  {
    id: 'bearer',
    title: 'Paste the URL and the token',
    apps: ['oidc', 'catalog', 'none'],
    methods: ['token'],
    texts: ['**Provisioning** › **Configure API Integration** › **Enable API integration**. Fill the fields in:'],
    fields: [
      paste('baseUrl', 'Base URL', baseUrl, 'An application of the catalogue may know it already.'),
      paste('oauthToken', 'OAuth Bearer Token', '{token}', 'The token alone, without the word Bearer.'),
    ],
    faults: [...tokenFaults, urlFault],
  },
  {
    id: 'header',
    title: 'Paste the URL and the header',
    apps: ['oidc', 'none'],
    methods: ['header'],
    texts: [
      'With the application **SCIM 2.0 Test App (Header Auth)**: **Provisioning** › **Configure API Integration** › **Enable API integration**. Okta sends the value as it is:',
    ],
    fields: [
      paste('baseUrl', 'Base URL', baseUrl),
      paste('apiToken', 'API Token', '{token}', 'Type `Bearer` and a blank before the token.'),
    ],
    faults: [...tokenFaults, bareTokenFault, urlFault],
  },
  {
    id: 'test',
    title: 'Test and save',
    texts: ['Press **Test Connector Configuration** (or **Test API Credentials**), then **Save**.'],
    seen: reads,
    done: 'Okta is connected. It does not yet send anybody.',
    faults: [
      {
        ...nothingCame,
        what: 'Okta says `Error authenticating: null`, and nothing arrives in {product}.',
      },
      foreign404,
    ],
  },
]
