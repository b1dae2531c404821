import { ownText } from '../log/own-texts.js'
import type { Explainable, Situation } from './situation.js'

// The page of the documentation that has a section for each.
const PAGE = 'journal.md'

function situation(name: string, applies: Situation['applies'], sentence: string, hint: string): Situation {
  return Object.freeze({ name, applies, sentence, hint, link: `${PAGE}#${name.toLowerCase()}` })
}

const code =
  (...codes: readonly string[]) =>
  ({ code: own }: Explainable): boolean =>
    own !== undefined && codes.includes(own)
const reason =
  (...reasons: readonly string[]) =>
  ({ refusal, status }: Explainable): boolean =>
    status === 401 && refusal !== undefined && reasons.includes(refusal.reason)
const status =
  (wanted: number) =>
  (entry: Explainable): boolean =>
    entry.status === wanted
const tolerated =
  (...names: readonly string[]) =>
  ({ tolerated: own = [] }: Explainable): boolean =>
    own.some(({ name }) => names.includes(name))
const says =
  (pattern: RegExp) =>
  ({ text, detail }: Explainable): boolean =>
    pattern.test(text ?? ownText(detail) ?? '')
const isLookUp = ({ method, query, status: own }: Explainable): boolean =>
  method === 'GET' && own === 200 && /(?:^|&)filter=/.test(query ?? '')
const wrote =
  (attribute: string) =>
  ({ changes, status: own }: Explainable): boolean =>
    own < 400 && (changes?.attributes.includes(attribute) ?? false)

/**
 * The situations that `explain` knows; the first one that applies counts. Put situations of your own before these:
 * `[...mine, ...situations]`.
 */
export const situations: readonly Situation[] = Object.freeze([
  situation(
    'credentialsMissing',
    ({ status: own, refusal, code: why }) => own === 401 && (refusal?.reason === 'missing' || why === 'unauthorized'),
    'The request came without a token, or with one that is not accepted.',
    'Paste the token into the identity provider again: into the field for the secret token, whole and without quotes.',
  ),
  situation(
    'credentialsUnknown',
    reason('unknown', 'malformed', 'mistyped'),
    'The request came with a token that is not whole, or that nobody here has given out.',
    'The token was probably cut, typed by hand, or belongs to another service. Paste it again, or make a new one.',
  ),
  situation(
    'credentialsExpired',
    reason('expired'),
    'The token of this connection has expired.',
    'Make a new token and paste it into the identity provider.',
  ),
  situation(
    'credentialsEnded',
    reason('revoked', 'paused', 'closed'),
    'The connection or its token was switched off here.',
    'Resume the connection, or make a new token and paste it into the identity provider.',
  ),
  situation(
    'credentialsRefused',
    status(401),
    'The credentials of the request were refused.',
    'Compare the settings of the identity provider with those that are shown here.',
  ),
  situation(
    'tooManyRequests',
    status(429),
    'The identity provider sent more requests than are permitted at a time.',
    'Nothing is to be done: it waits and sends them again.',
  ),
  situation(
    'baseUrl',
    code('baseUrl'),
    'The address in the identity provider is wrong: the request came to {path}.',
    'Copy the address again. It ends before /Users.',
  ),
  situation(
    'uniqueness',
    status(409),
    'There is another {type} with the same {attribute}.',
    'If it is the same person, let the identity provider match by {attribute}. If it is another one, change the value at one of them.',
  ),
  situation(
    'requiredMissing',
    says(/^Attribute "[^"]*" is missing\.$/),
    'The {type} was refused, because {attribute} is missing.',
    'Map a source to {attribute} in the identity provider, and see that everybody has a value there.',
  ),
  situation(
    'unknownMember',
    ({ code: own, tolerated: names = [] }) =>
      own === 'unknownMember' || names.some(({ name }) => name === 'unknownMember'),
    'Some members of the group do not exist here.',
    'Assign these people to the application too, and let the identity provider send the group again.',
  ),
  situation(
    'notJson',
    says(/^The body (?:is not|of the request is missing)/),
    'The body of the request could not be read.',
    'If something stands between the identity provider and this service, such as a proxy, see that it leaves the body alone.',
  ),
  situation(
    'wrongShape',
    code('invalidSyntax'),
    'The body of the request does not have the form that SCIM asks for.',
    'Choose SCIM 2.0 in the identity provider. If it is chosen already, tell the support.',
  ),
  situation(
    'mediaType',
    status(415),
    'The request says that its body is no JSON.',
    'Choose application/scim+json or application/json in the identity provider, if it lets you.',
  ),
  situation(
    'filter',
    code('invalidFilter'),
    'The identity provider searched in a way that is not understood: {query}.',
    'Let it match by userName or externalId. Custom attributes can be searched only if the service has them.',
  ),
  situation(
    'wrongValue',
    code('invalidValue', 'invalidPath', 'noTarget', 'mutability'),
    'The value of {attribute} was refused.',
    'See what the identity provider sends for {attribute}, and change the mapping so that the value has the right form.',
  ),
  situation(
    'bulkFailed',
    ({ bulk = [] }) => bulk.some((one) => one.status >= 400),
    '{failed} of {operations} operations in one request failed.',
    'Each has an entry of its own below: look at the first that failed.',
  ),
  situation(
    'version',
    ({ status: own }) => own === 412 || own === 428,
    'Somebody else changed the {type} in the meantime.',
    'Nothing is to be done: the identity provider reads it again and repeats its change.',
  ),
  situation(
    'alreadyGone',
    ({ method, status: own }) => method === 'DELETE' && own === 404,
    'The {type} that was to be deleted is not here any more.',
    'Nothing is to be done.',
  ),
  situation(
    'testOfConnection',
    ({ path, method, status: own, query }) =>
      (method === 'GET' && own === 404 && path === '/Users/0') ||
      (method === 'GET' && own === 200 && /filter=[\w.:]+ eq "<uuid>"/.test(query ?? '')),
    'The identity provider tested the connection, and it works.',
    '',
  ),
  situation(
    'notFound',
    status(404),
    'The {type} that the identity provider asked for is not here.',
    'If it was deleted here, let the identity provider forget it: start a new provisioning cycle, or unassign and assign the person again.',
  ),
  situation(
    'testing',
    code('testing'),
    'The connection is in its test, and the {type} is not one of the test people. Nothing was stored.',
    'Add the person to the test people, or end the test. The identity provider then sends the {type} again.',
  ),
  situation(
    'forbidden',
    status(403),
    'The connection may not do this.',
    'Ask the people who run this service which permissions the connection should have.',
  ),
  situation(
    'notOffered',
    ({ status: own }) => own === 405 || own === 501,
    'The service does not offer what the identity provider asked for.',
    'Switch the feature off in the identity provider.',
  ),
  situation(
    'tooLarge',
    ({ status: own, code: why }) => own === 413 || why === 'tooMany',
    'The request was larger than the service accepts.',
    'Let the identity provider send less at a time, for instance fewer members in one request.',
  ),
  situation(
    'clientGone',
    status(499),
    'The identity provider did not wait for the answer.',
    'Nothing is to be done once: it repeats the request. If it happens often, tell the support.',
  ),
  situation(
    'ourFault',
    ({ status: own }) => own >= 500,
    'The service could not answer, and that is its own fault.',
    'Nothing is to be done: the identity provider repeats the request. If it happens often, tell the support.',
  ),
  situation(
    'bareToken',
    tolerated('bareToken'),
    'The token came without the word Bearer before it, and was accepted.',
    'Nothing is to be done. If you can, type the word Bearer and a blank before the token.',
  ),
  situation(
    'password',
    wrote('password'),
    'The identity provider sent a password.',
    'If people sign in by the identity provider, switch its password synchronisation off.',
  ),
  situation(
    'notKept',
    tolerated('unknownAttribute', 'unknownPath'),
    'The {type} was stored, but for attributes that the service does not have: {names}.',
    'Remove them from the mapping in the identity provider. They do no harm.',
  ),
  situation(
    'activity',
    (entry) => entry.method === 'PATCH' && wrote('active')(entry),
    'The identity provider said whether the {type} is active.',
    'A person who is inactive cannot sign in. To change it, assign or unassign the person in the identity provider.',
  ),
  situation(
    'nothingChanged',
    ({ method, status: own, changes }) => method === 'PATCH' && own < 300 && changes?.attributes.length === 0,
    'The {type} had all of these values already, and nothing was changed.',
    '',
  ),
  situation(
    'lookUpOfNobody',
    (entry) => isLookUp(entry) && entry.count === 0,
    'The identity provider looked for a {type}, and there is none.',
    'If it creates the {type} next, all is well. If not, the person is probably not assigned to the application there.',
  ),
] satisfies readonly Situation[])
