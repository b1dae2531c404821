import { readFile } from 'node:fs/promises'
import { defineConfig, type Options } from 'tsup'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

// As an object literal, laid out like code, the recorded client sequences would be twice as large.
const compactJson: Plugin = {
  name: 'compact-json',
  setup(build) {
    build.onLoad({ filter: /\.json$/ }, async ({ path }) => {
      const whole = JSON.parse(await readFile(path, 'utf8'))
      // The command tells its version, and nobody needs the rest of package.json.
      const text = JSON.stringify(path.endsWith('package.json') ? { version: whole.version } : whole)
      return { contents: `export default JSON.parse(${JSON.stringify(text)})`, loader: 'js' }
    })
  },
}

// The pages for browsers are bundled by themselves and stand in the package as two texts: nothing is read at run time,
// and what they are built with is no dependency of whoever installs the package.
const pagesAsText: Plugin = {
  name: 'pages-as-text',
  setup({ onLoad, esbuild }) {
    onLoad({ filter: /pages[\\/]bundle\.ts$/ }, async () => {
      const { outputFiles } = await esbuild.build({
        entryPoints: { pages: 'src/pages/client/main.tsx', styles: 'src/pages/client/styles/index.css' },
        tsconfig: 'src/pages/client/tsconfig.json',
        bundle: true,
        minify: true,
        write: false,
        outdir: 'pages',
        format: 'esm',
        target: ['es2022', 'chrome123', 'firefox121', 'safari17.5'],
        legalComments: 'none',
      })
      const textOf = (end: string) => JSON.stringify(outputFiles.find(({ path }) => path.endsWith(end))?.text)
      return {
        contents: `export const script = ${textOf('.js')}\nexport const styles = ${textOf('.css')}`,
        loader: 'js',
      }
    })
  },
}

// One entry for each subpath of package.json. Code shared by two entries is split into chunks, in both formats, so that
// an application which loads two of them holds it once.
const ENTRIES = [
  'client',
  'conformance',
  'connections',
  'guides',
  'journal',
  'memory',
  'mongo',
  'mysql',
  'pages',
  'postgres',
  'prisma',
  'service',
  'sql',
  'sqlite',
]

/** Where each entry begins, in a folder of modules of one kind. */
function entriesIn(folder: string, end: string): Record<string, string> {
  return {
    index: `${folder}/index${end}`,
    ...Object.fromEntries(ENTRIES.map((name) => [name, `${folder}/${name}/index${end}`])),
  }
}

export default defineConfig({
  // The command has no declarations, because nobody imports it.
  entry: { ...entriesIn('src', '.ts'), cli: 'src/cli/bin.ts' },
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  splitting: true,
  // tsconfig.declarations.json has written the declaration of each module. To make them of the sources here takes
  // several times as long.
  dts: {
    entry: entriesIn('.cache/declarations/src', '.d.ts'),
    compilerOptions: { noCheck: true },
  },
  clean: true,
  sourcemap: false,
  silent: true,
  esbuildPlugins: [compactJson, pagesAsText],
})
