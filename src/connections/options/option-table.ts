import {
  ANYTHING,
  type Check,
  type Checks,
  emptinessShown,
  FUNCTION,
  numberShown,
  OBJECT,
  objectOf,
  required,
} from '../../check-options.js'
import { propertiesOf } from '../../is-object.js'
import type { Method } from '../store/record.js'
import { readDuration } from './duration.js'
import { CONNECTION_EVENTS } from './events.js'
import type { ConnectionsOptions } from './options.js'

export const METHODS: readonly Method[] = ['token', 'oauth', 'federated']

const DURATION: Check = {
  expects: "a length of time such as '60m'",
  accepts: (value) => (readDuration(value) ?? 0) > 0,
}
const LIFE: Check = {
  expects: "a length of time such as '365d', or 'never'",
  accepts: (value) => value === 'never' || DURATION.accepts(value),
}
const SCOPES: Check = {
  expects: 'an object of resource types by the names of scopes',
  accepts: (value) =>
    OBJECT.accepts(value) && Object.values(propertiesOf(value)).every((type) => typeof type === 'string'),
}
const HOOKS: Check = {
  expects: 'an object of hooks, or an array of them',
  accepts: (value) => (Array.isArray(value) ? value.every(OBJECT.accepts) : OBJECT.accepts(value)),
  keys: Object.fromEntries([...Object.keys(CONNECTION_EVENTS), 'error'].map((name) => [name, FUNCTION])),
}

/**
 * The values that each option takes. In JavaScript a misspelt one would be ignored otherwise, and tokens live longer
 * than they should.
 */
export const OPTIONS: Checks<keyof ConnectionsOptions> = {
  store: required(OBJECT),
  // The secret and the URL are looked at for themselves: a message must not repeat a secret.
  secret: ANYTHING,
  url: ANYTHING,
  prefix: {
    expects: 'a text of 1 to 12 small letters and digits that begins with a letter',
    accepts: (value) => typeof value === 'string' && /^[a-z][a-z0-9]{0,11}$/.test(value),
  },
  credentials: {
    expects: `a list of ${METHODS.join(', ')}`,
    words: METHODS,
    shows: emptinessShown,
    accepts: (value) =>
      Array.isArray(value) && value.length > 0 && value.every((method) => METHODS.some((known) => known === method)),
  },
  life: objectOf({ token: LIFE, secret: LIFE, access: DURATION }),
  cacheTime: {
    expects: 'a number of seconds from 0 to 60',
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= 60,
    shows: numberShown,
  },
  scopes: SCOPES,
  rateLimit: objectOf({ perConnection: ANYTHING, failures: ANYTHING }),
  fallback: FUNCTION,
  tenantOf: FUNCTION,
  address: FUNCTION,
  federation: OBJECT,
  on: HOOKS,
  now: FUNCTION,
}
