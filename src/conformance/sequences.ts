import type { Sequence, SequenceFile } from './sequence.js'
import authentikFile from './sequences/authentik.json' with { type: 'json' }
import entraFile from './sequences/entra.json' with { type: 'json' }
import googleFile from './sequences/google.json' with { type: 'json' }
import jumpcloudFile from './sequences/jumpcloud.json' with { type: 'json' }
import keycloakFile from './sequences/keycloak.json' with { type: 'json' }
import microsoftValidatorFile from './sequences/ms-scim-validator.json' with { type: 'json' }
import oktaFile from './sequences/okta.json' with { type: 'json' }
import oneloginFile from './sequences/onelogin.json' with { type: 'json' }
import pingFile from './sequences/ping.json' with { type: 'json' }
import probesFile from './sequences/probes.json' with { type: 'json' }

// TypeScript takes every text of a JSON file for any text; a test holds the files against the format.
const sequencesOf = (file: unknown): readonly Sequence[] => (file as SequenceFile).sequences

/** What authentik sends. */
export const authentik = sequencesOf(authentikFile)
/** What Microsoft Entra ID sends, in its default job and with the flag `aadOptscim062020`. */
export const entra = sequencesOf(entraFile)
/** What Google Workspace sends. */
export const google = sequencesOf(googleFile)
/** What JumpCloud sends. */
export const jumpcloud = sequencesOf(jumpcloudFile)
/** What the SCIM client of Keycloak sends. */
export const keycloak = sequencesOf(keycloakFile)
/** What Microsoft's SCIM Validator sends. */
export const microsoftValidator = sequencesOf(microsoftValidatorFile)
/** What Okta sends, its spec test included. */
export const okta = sequencesOf(oktaFile)
/** What OneLogin sends. */
export const onelogin = sequencesOf(oneloginFile)
/** What PingFederate and PingOne send. */
export const ping = sequencesOf(pingFile)
/** Discovery and errors, as any client may ask for them. */
export const probes = sequencesOf(probesFile)

/** All of them, by client. */
export const sequences = Object.freeze({
  authentik,
  entra,
  google,
  jumpcloud,
  keycloak,
  microsoftValidator,
  okta,
  onelogin,
  ping,
  probes,
})
