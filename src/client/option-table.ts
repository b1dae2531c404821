import {
  ANYTHING,
  BOOLEAN,
  type Check,
  type Checks,
  COUNT,
  checkGiven,
  either,
  FUNCTION,
  OBJECT,
  objectOf,
  oneOf,
  recordOf,
  required,
  TEXT,
} from '../check-options.js'
import { SetupError } from '../index.js'
import { ScimClientError } from './client-error.js'
import type { OAuthClient, RetryOptions, ScimClientOptions } from './options.js'

const FALSE: Check = { expects: 'false', accepts: (value) => value === false }
const MILLISECONDS: Check = {
  expects: 'a number of milliseconds, 0 or more',
  accepts: (value) => typeof value === 'number' && value >= 0,
}

const BYTES: Check = {
  expects: 'a number of bytes, 1 or more',
  accepts: (value) => typeof value === 'number' && value >= 1,
}

const RETRY = {
  attempts: COUNT,
  firstDelay: MILLISECONDS,
  longestDelay: MILLISECONDS,
  wait: FUNCTION,
} satisfies Checks<keyof RetryOptions>

const OAUTH = {
  tokenUrl: required(TEXT),
  clientId: required(TEXT),
  clientSecret: required(TEXT),
  scope: TEXT,
  sendIn: oneOf('header', 'body'),
} satisfies Checks<keyof OAuthClient>

const AUTHORIZATION: Checks = {
  bearer: either(TEXT, FUNCTION),
  bare: TEXT,
  basic: objectOf({ userName: required(TEXT), password: required(TEXT) }),
  oauth: objectOf(OAUTH),
}

const OPTIONS: Checks<keyof ScimClientOptions> = {
  authorization: {
    expects: `an object with ${Object.keys(AUTHORIZATION).join(', ')}`.replace(/, (\w+)$/, ' or $1'),
    accepts: (value) => OBJECT.accepts(value) && Object.keys(Object(value)).length > 0,
    keys: AUTHORIZATION,
  },
  headers: recordOf(ANYTHING),
  retry: either(FALSE, objectOf(RETRY)),
  timeout: MILLISECONDS,
  maxAnswerBytes: BYTES,
  insecure: BOOLEAN,
  onExchange: FUNCTION,
  fetch: FUNCTION,
}

/** Checks the options of a client. Throws a {@link ScimClientError} with the code `setup`. */
export function checkClientOptions(given: unknown): void {
  try {
    checkGiven(given, OPTIONS, { owner: 'ScimClient', code: 'ERR_SCIM_OPTION', section: 'client.md' })
  } catch (error) {
    if (SetupError.is(error)) throw new ScimClientError('setup', error.message)
    throw error
  }
}
