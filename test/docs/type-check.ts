import { dirname, join } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../support/process.js'
import type { CodeBlock } from './code-blocks.js'

/**
 * Type-checks blocks of code, each as a module of its own, in one program in which 'express-scim' is this source.
 * Blocks of one page are in one folder: a block whose first line is `// device.ts` can be imported as './device.js'.
 *
 * @returns the errors as `file:line: message`, with the line in the text around the block.
 */
export function typeCheck(blocks: readonly CodeBlock[]): string[] {
  const modules = new Map(blocks.map((block, index) => [join(folderOf(block), fileName(block, index)), block]))
  const options: ts.CompilerOptions = {
    ...readOptions(),
    // A block shows how something is made; it need not use it.
    noUnusedLocals: false,
    noUnusedParameters: false,
    paths: {
      'express-scim': ['./src/index.ts'],
      'express-scim/*': ['./src/*/index.ts'],
      // The pages show Vitest, but it is not installed.
      vitest: ['./test/docs/vitest.ts'],
    },
  }
  const program = ts.createProgram([...modules.keys()], options, hostWith(modules, options))
  return [...modules].flatMap(([name, { file, line }]) => {
    const source = program.getSourceFile(name)
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return found.map(({ start = 0, messageText }) => {
      const { line: offset = 0 } = source?.getLineAndCharacterOfPosition(start) ?? {}
      return `${file}:${line + offset}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
  })
}

function folderOf({ file }: CodeBlock): string {
  return join(ROOT, 'test/docs', `blocks-of-${file.replaceAll('/', '-')}`)
}

function fileName({ code, language }: CodeBlock, index: number): string {
  return /^\/\/ ([\w-]+\.ts)\n/.exec(code)?.[1] ?? `block-${index}.${language}`
}

function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT).options
}

/** The files on disk, and the blocks beside them. */
function hostWith(modules: ReadonlyMap<string, CodeBlock>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options)
  const folders = new Set([...modules.keys()].map((name) => dirname(name)))
  const { directoryExists } = host
  const onDisk = { fileExists: host.fileExists, readFile: host.readFile, getSourceFile: host.getSourceFile }
  // Without an import or export a file would be a script, and its names everyone's.
  const textOf = (name: string): string | undefined =>
    modules.has(name) ? `${modules.get(name)?.code}\nexport {}` : undefined
  host.fileExists = (name) => modules.has(name) || onDisk.fileExists(name)
  host.readFile = (name) => textOf(name) ?? onDisk.readFile(name)
  host.directoryExists = (name) => folders.has(name) || directoryExists?.(name) !== false
  host.getSourceFile = (name, version, ...rest) => {
    const text = textOf(name)
    return text === undefined
      ? onDisk.getSourceFile(name, version, ...rest)
      : ts.createSourceFile(name, text, version, true)
  }
  return host
}
