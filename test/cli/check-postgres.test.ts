import { checkDocuments, checkTables } from './on-postgres.js'

// The other mode of each is in test/long.
describe('check on documents', () => checkDocuments('tolerant'))
describe('check on existing tables', () => checkTables('strict'))
