import { adapterChecks } from '../../src/conformance/index.js'
import { memoryAdapters } from '../../src/memory/index.js'

const { users, groups } = memoryAdapters()
const checks = adapterChecks({ resourceTypes: { User: { adapter: users }, Group: { adapter: groups } }, members: 200 })
describe('memory', () => {
  test.each(checks)('$name', ({ run }) => run())
})
