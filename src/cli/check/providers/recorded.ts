import { playSequence } from '../../../conformance/replay/play.js'
import type { Sequence } from '../../../conformance/replay/sequence.js'
import { sequences } from '../../../conformance/replay/sequences.js'
import { type Bench, DOMAIN } from '../bench/bench.js'
import { refuseWrite } from '../bench/ledger.js'
import { Violation } from '../bench/outcome.js'
import { needsGroups, needsUsers } from '../bench/rule.js'
import type { Provider, ProviderTest } from './provider.js'

/** The recorded sequences of a client, as tests. */
export function recorded(id: string, name: string, list: readonly Sequence[]): Provider {
  return { id, name, tests: list.map(testOf) }
}

function testOf(sequence: Sequence): ProviderTest {
  const harmless = withoutRealAddresses(sequence)
  const groups = harmless.steps.some(({ method, path }) => method !== 'GET' && path.startsWith('/Groups'))
  return {
    name: sequence.id,
    title: sequence.title,
    level: sequence.level === 'optional' ? 'NOTE' : 'MUST',
    skip: (given) => needsUsers(given) ?? (groups ? needsGroups(given) : undefined),
    run: (bench) => play(harmless, bench),
  }
}

async function play(sequence: Sequence, bench: Bench): Promise<void> {
  const writes = sequence.steps.some(({ method }) => method !== 'GET')
  if (bench.readOnly && writes) refuseWrite()
  const client = { base: bench.base, send: bench.send.bind(bench) }
  // The mark of the run makes the names unique.
  const failures = await playSequence(sequence, client, bench.name('r').replaceAll('.', '-'))
  if (failures.length === 0) return
  // A step that needs the result of a failed step says nothing new.
  const telling = failures.filter((line) => !/no earlier step has kept|nothing to keep as/.test(line))
  throw new Violation((telling.length > 0 ? telling : failures).join('\n'))
}

/** The requests of a sequence with addresses in a reserved domain, and with the mark of the run in each name. */
function withoutRealAddresses(sequence: Sequence): Sequence {
  const text = JSON.stringify(sequence)
    .replace(/(@|%40)(?:okta\.|atko\.)?example\.com/g, `$1${DOMAIN}`)
    .replace(/(@|%40)(?:ATKO\.)?EXAMPLE\.COM/g, `$1${DOMAIN.toUpperCase()}`)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder of a sequence
    .replace('"Test_User_${uuid:upn}"', '"Test_User_${uuid:upn}.${run}"')
  return JSON.parse(text)
}

/** Every client whose recorded sequences the check plays. */
export const recordings: readonly Provider[] = [
  recorded('entra', 'Microsoft Entra ID, recorded', sequences.entra),
  recorded('entra', "Microsoft's SCIM Validator", sequences.microsoftValidator),
  recorded('okta', 'Okta', sequences.okta),
  recorded('onelogin', 'OneLogin', sequences.onelogin),
  recorded('jumpcloud', 'JumpCloud', sequences.jumpcloud),
  recorded('pingone', 'PingOne and PingFederate', sequences.ping),
  recorded('authentik', 'authentik', sequences.authentik),
  recorded('keycloak', 'Keycloak', sequences.keycloak),
  recorded('google', 'Google Workspace', sequences.google),
]
