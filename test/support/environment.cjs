// The environment of Node, with additions for hundreds of test files in one process.
const { AsyncLocalStorage } = require('node:async_hooks')
const vm = require('node:vm')
const { TestEnvironment } = require('jest-environment-node')

// Modules are compiled once for each process and not once for each test file: V8 keeps the code that `vm.Script` has
// compiled, and gives it to the next context that wants the same text. V8 does not keep the code of
// `vm.compileFunction`, which Jest calls. A test file loads some three hundred modules.
const { compileFunction } = vm

vm.compileFunction = (code, parameters = [], options = {}) => {
  const { filename, importModuleDynamically, parsingContext, ...others } = options
  if (parsingContext === undefined || Object.keys(others).length > 0) return compileFunction(code, parameters, options)
  const head = `(function (${parameters.join(', ')}) {`
  const script = new vm.Script(`${head}${code}\n})`, { filename, importModuleDynamically, columnOffset: -head.length })
  return script.runInContext(parsingContext)
}

// Node before 24 copies the value of each AsyncLocalStorage that was ever used to each promise that is made. Jest has
// one of its own in each test file, and so have modules under test: without an end, the two-hundredth file is slower
// than the first by a multiple, and its promises hold many times as much memory.
const used = new Set()

for (const name of ['run', 'enterWith']) {
  const method = AsyncLocalStorage.prototype[name]
  AsyncLocalStorage.prototype[name] = function (...given) {
    used.add(this)
    return method.apply(this, given)
  }
}

module.exports = class extends TestEnvironment {
  constructor(...given) {
    super(...given)
    // Jest's 100 are made for each assertion that passes, too.
    this.global.Error.stackTraceLimit = 25
  }

  async teardown() {
    for (const storage of used) storage.disable()
    used.clear()
    await super.teardown()
  }
}
