import { checkDocuments, checkTables } from '../cli/on-postgres.js'

describe.each(['tolerant', 'strict'] as const)('check in %s mode', (mode) => {
  describe('on documents', () => checkDocuments(mode))
  describe('on existing tables', () => checkTables(mode))
})
