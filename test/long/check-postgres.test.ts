import { checkDocuments, checkTables } from '../cli/on-postgres.js'

describe('check on documents', () => checkDocuments('strict'))
describe('check on existing tables', () => checkTables('tolerant'))
