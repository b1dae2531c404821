import type { Answer } from '../contract/contract.js'

/** The stored data about people, for the customer's own page: the table of docs/data.md. */
export const storedFacts: Answer<'listStored'>['facts'] = [
  {
    what: 'People and groups that the identity provider sends',
    where: 'In the database of the product',
    whose: 'Yours; the product processes them for you',
    kept: 'Until the identity provider deletes them, or you end the contract',
    deleted: 'By the identity provider, or by the support when the contract ends',
  },
  {
    what: 'Connections: names, states, and who made and changed them. Of tokens only a keyed digest',
    where: 'In the database of the product',
    whose: 'Of the product',
    kept: 'Until the contract ends',
    deleted: 'With the tenant',
  },
  {
    what: 'Address and program of the identity provider at its last request',
    where: 'In the database of the product',
    whose: 'Of the identity provider: they belong to no person',
    kept: 'Until its next request',
    deleted: 'With the tenant',
  },
  {
    what: 'The log of requests: names of attributes, ids and statuses. No value of an attribute; names of people as keyed digests',
    where: 'In the database of the product',
    whose: 'Yours',
    kept: 'For 30 days, if nothing else was agreed',
    deleted: 'By age, and for one person on request',
  },
  {
    what: 'The audit trail: who changed which attributes of which person or group, and who looked at people in these pages',
    where: 'In the database of the product',
    whose: 'Of the product, as evidence for both of you',
    kept: 'For 400 days, if nothing else was agreed',
    deleted: 'By age; ids of a person are taken out on request, the entries stay',
  },
  {
    what: 'Recordings, if somebody starts one: requests and answers, with types and lengths in place of values',
    where: 'In the database of the product',
    whose: 'Yours',
    kept: 'For 24 hours, 500 at most for a connection',
    deleted: 'By age, and with the tenant',
  },
]
