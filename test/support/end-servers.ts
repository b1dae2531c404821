// A test that fails before it has closed its server must not keep the process alive. Loaded by jest.config.js.
import { endOfFile, endOfTest, startOfTest } from './running.js'

beforeEach(startOfTest)
afterEach(endOfTest)
afterAll(endOfFile)
