// Loads TypeScript as CommonJS: each file is compiled once, and can be loaded anew at any time.

import { readFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { Script } from 'node:vm'
import { transformSync } from '@swc/core'

const SWC = { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }

const scripts = new Map()

function compiled(file) {
  let script = scripts.get(file)
  if (!script) {
    const { code } = transformSync(readFileSync(file, 'utf8'), { ...SWC, filename: file })
    script = new Script(Module.wrap(code), { filename: file })
    scripts.set(file, script)
  }
  return script
}

/** A function that loads a file with all its imports, once; another such function loads it again. */
export function freshLoader() {
  const modules = new Map()
  const load = (file) => {
    const loaded = modules.get(file)
    if (loaded) return loaded.exports
    const module = { exports: {} }
    modules.set(file, module)
    const folder = dirname(file)
    const native = createRequire(file)
    // TypeScript sources import each other as Node would: './error.js' is error.ts here.
    const require = (name) =>
      name.startsWith('.') ? load(resolve(folder, `${name.replace(/\.js$/, '')}.ts`)) : native(name)
    compiled(file).runInThisContext().call(module.exports, module.exports, require, module, file, folder)
    return module.exports
  }
  return load
}
