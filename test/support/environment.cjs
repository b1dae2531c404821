// The environment of Node, whose modules are compiled once for each process and not once for each test file: V8 keeps what
// `vm.Script` has compiled, and gives it to the next context that wants the same text. What `vm.compileFunction` has
// compiled, which is what Jest calls, it does not keep. A test file loads some three hundred modules.
const vm = require('node:vm')
const { TestEnvironment } = require('jest-environment-node')

const { compileFunction } = vm

vm.compileFunction = (code, parameters = [], options = {}) => {
  const { filename, importModuleDynamically, parsingContext, ...others } = options
  if (parsingContext === undefined || Object.keys(others).length > 0) return compileFunction(code, parameters, options)
  const head = `(function (${parameters.join(', ')}) {`
  const script = new vm.Script(`${head}${code}\n})`, { filename, importModuleDynamically, columnOffset: -head.length })
  return script.runInContext(parsingContext)
}

module.exports = TestEnvironment
