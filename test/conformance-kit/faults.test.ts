import { adapterChecks, ContractViolation } from '../../src/conformance/index.js'
import type { Fault } from './faults/fault.js'
import { FAULTS } from './faults/index.js'
import { soundAdapter } from './sound-adapter.js'

const MEMBERS = 150

describe('an adapter without a fault', () => {
  const checks = adapterChecks({ resourceTypes: { User: { adapter: soundAdapter() } }, members: MEMBERS })
  test.each(checks)('$name', ({ run }) => run())
})

describe('an adapter that', () => {
  test.each(FAULTS)('$what is caught', async ({ adapter, check, says }) => {
    const error = await failureOf(adapter, check)
    expect(error).toBeInstanceOf(ContractViolation)
    expect((error as Error).message).toMatch(says)
    expect((error as Error).message).toMatch(
      /^User\.\S+ .*\(node_modules\/express-scim\/docs\/adapters\.md#[a-z-]+\)$/s,
    )
  })
})

async function failureOf(adapter: Fault['adapter'], name: string): Promise<unknown> {
  const checks = adapterChecks({ resourceTypes: { User: { adapter } }, members: MEMBERS, timeout: 300 })
  const check = checks.find((each) => each.name === `User: ${name}`)
  if (!check) throw new Error(`There is no check "${name}".`)
  return check.run().then(
    () => undefined,
    (error: unknown) => error,
  )
}
