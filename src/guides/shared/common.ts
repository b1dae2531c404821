import type { Fault, Field } from './guide.js'
import {
  badValue,
  bareToken,
  conflict,
  notKept,
  refused,
  refusedOtherwise,
  secondPersonCame,
  unknownMember,
  wrongUrl,
} from './seen.js'

/** The faults of a token, wherever it is pasted. */
export const tokenFaults: readonly Fault[] = [
  {
    id: 'cutToken',
    what: 'The token was not copied whole, or has blanks in it.',
    fix: 'Copy the token again, from its first to its last character, and paste it into the empty field.',
    say: 'Somebody came at {time} with a token that is not complete. It must end in {expected}; it ends in {ends}. Copy it again.',
    seen: refused('malformed', 'mistyped'),
  },
  {
    id: 'missingToken',
    what: 'No token was sent.',
    fix: 'The field for the token is empty, or its method is another one. Paste the token and save.',
    seen: refused('missing'),
  },
  {
    id: 'endedToken',
    what: 'The token has expired or was revoked.',
    fix: 'Make a new token in {product} and paste it in place of the old one.',
    seen: refused('expired', 'revoked'),
  },
  {
    id: 'pausedConnection',
    what: 'The connection is paused or closed in {product}.',
    fix: 'Switch the connection on again in {product}.',
    seen: refused('paused', 'closed'),
  },
  {
    id: 'otherToken',
    what: 'The token is not known: it belongs to another system, or something else was pasted.',
    fix: 'Copy the token of this connection from {product} and paste it again. A token can be shown only once; make another if it is lost.',
    seen: refusedOtherwise,
  },
]

/** The URL has something behind it. */
export const urlFault: Fault = {
  id: 'longUrl',
  what: 'The URL was changed: it ends in `/Users`, or a part of it is missing.',
  fix: 'Take the URL as it is shown: `{url}`. Add nothing and leave nothing out.',
  seen: wrongUrl,
}

/** Nothing has come. */
export const nothingCame: Fault = {
  id: 'nothingCame',
  what: 'Nothing arrives in {product}.',
  fix: 'Nothing has come to {host}. The provider calls from the internet: a firewall, a VPN or a bot filter in front of {host} may stop it. Ask {support}.',
  after: 60,
}

/** The reverse proxy answers in place of the application. */
export const foreign404: Fault = {
  id: 'foreign404',
  what: 'The provider shows 404, and nothing arrives in {product}.',
  fix: 'The provider reached {host}, and something in front of {product} answered. Ask {support}.',
}

export const conflictFault: Fault = {
  id: 'conflict',
  what: '409: somebody else in {product} has the same user name or address.',
  fix: 'Link the person to the account that is there, or rename one of the two; then send the person again.',
  say: '{person} was not created: somebody in {product} has the same {attribute}. Link the two, or rename one of them.',
  seen: conflict,
}

export const badValueFault: Fault = {
  id: 'badValue',
  what: '400: a value does not fit, or a required one is empty.',
  fix: 'The answer names the attribute. Mend its value in the directory, or its row in the mapping, and send the person again.',
  say: '{person} was not taken: the value of {attribute} does not fit.',
  seen: badValue,
}

export const notKeptFault: Fault = {
  id: 'notKept',
  what: 'The provider sends attributes that {product} does not keep.',
  fix: 'They do no harm and are left out. Delete their rows from the mapping to have it tidy.',
  seen: notKept,
}

export const everybodyFault: Fault = {
  id: 'everybody',
  what: 'Everybody arrives, and not the test person alone.',
  fix: 'Look at the scope at the provider: only assigned people must be sent.',
  say: '{count} people have arrived. If you assigned one, everybody is in scope.',
  seen: secondPersonCame,
}

export const membersFault: Fault = {
  id: 'unknownMembers',
  what: 'Members of a group are refused or left out: they have no account in {product} yet.',
  fix: 'Assign these people to the application too; then send the group again.',
  say: '{count} of {total} members are not assigned to this application. Assign them, then send the group again.',
  seen: unknownMember,
}

/** The word Bearer is missing, which the tolerant mode takes. */
export const bareTokenFault: Fault = {
  id: 'bareToken',
  what: 'The token comes without the word `Bearer`.',
  fix: 'It was taken and nothing needs to be done. If it is refused, type `Bearer`, a blank and then the token.',
  say: 'The provider came at {time} without the word Bearer. It was taken.',
  seen: bareToken,
}

/** A field that is pasted from the application. */
export function paste(id: string, label: string, value: string, note?: string): Field {
  return { id, label, action: 'paste', value, ...(note !== undefined && { note }) }
}
