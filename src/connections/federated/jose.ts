import type * as Jose from 'jose'
import { SetupError } from '../../index.js'

/** The part of `jose` that is used. */
export type JoseModule = Pick<typeof Jose, 'createLocalJWKSet' | 'decodeProtectedHeader' | 'jwtVerify'>

/** Loads `jose`, which an application installs only if it offers federated connections. */
export async function loadJose(): Promise<JoseModule> {
  try {
    return await import('jose')
  } catch {
    throw new SetupError(
      'ERR_SCIM_OPTION',
      "The package jose must be installed, because option credentials names 'federated': npm install jose@6. In CommonJS, Node must be 20.19 or later.",
    )
  }
}
