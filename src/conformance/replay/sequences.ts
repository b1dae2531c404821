import authentikFile from '../sequences/authentik.json' with { type: 'json' }
import entraFile from '../sequences/entra.json' with { type: 'json' }
import googleFile from '../sequences/google.json' with { type: 'json' }
import jumpcloudFile from '../sequences/jumpcloud.json' with { type: 'json' }
import keycloakFile from '../sequences/keycloak.json' with { type: 'json' }
import microsoftValidatorFile from '../sequences/ms-scim-validator.json' with { type: 'json' }
import oktaFile from '../sequences/okta.json' with { type: 'json' }
import oneloginFile from '../sequences/onelogin.json' with { type: 'json' }
import pingFile from '../sequences/ping.json' with { type: 'json' }
import probesFile from '../sequences/probes.json' with { type: 'json' }
import type { Sequence, SequenceFile } from './sequence.js'

// TypeScript gives all texts of a JSON file the type string; a test checks the files against the format.
const sequencesOf = (file: unknown): readonly Sequence[] => (file as SequenceFile).sequences

/** The requests of authentik. */
export const authentik = sequencesOf(authentikFile)
/** The requests of Microsoft Entra ID, in its default job and with the flag `aadOptscim062020`. */
export const entra = sequencesOf(entraFile)
/** The requests of Google Workspace. */
export const google = sequencesOf(googleFile)
/** The requests of JumpCloud. */
export const jumpcloud = sequencesOf(jumpcloudFile)
/** The requests of the SCIM client of Keycloak. */
export const keycloak = sequencesOf(keycloakFile)
/** The requests of Microsoft's SCIM Validator. */
export const microsoftValidator = sequencesOf(microsoftValidatorFile)
/** The requests of Okta, including its spec test. */
export const okta = sequencesOf(oktaFile)
/** The requests of OneLogin. */
export const onelogin = sequencesOf(oneloginFile)
/** The requests of PingFederate and PingOne. */
export const ping = sequencesOf(pingFile)
/** Requests for discovery and requests with errors, as any client may send them. */
export const probes = sequencesOf(probesFile)

/** All sequences, by client. */
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
