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

// One entry for each subpath of package.json, and the command. Code shared by two entries is split into chunks, in both formats,
// so that an application which loads two of them holds it once.
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    cli: 'src/cli/bin.ts',
    client: 'src/client/index.ts',
    conformance: 'src/conformance/index.ts',
    connections: 'src/connections/index.ts',
    guides: 'src/guides/index.ts',
    journal: 'src/journal/index.ts',
    memory: 'src/memory/index.ts',
    pages: 'src/pages/index.ts',
    postgres: 'src/postgres/index.ts',
    sql: 'src/sql/index.ts',
    sqlite: 'src/sqlite/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  splitting: true,
  dts: {
    // Nobody imports the command.
    entry: {
      index: 'src/index.ts',
      client: 'src/client/index.ts',
      conformance: 'src/conformance/index.ts',
      connections: 'src/connections/index.ts',
      guides: 'src/guides/index.ts',
      journal: 'src/journal/index.ts',
      memory: 'src/memory/index.ts',
      pages: 'src/pages/index.ts',
      postgres: 'src/postgres/index.ts',
      sql: 'src/sql/index.ts',
      sqlite: 'src/sqlite/index.ts',
    },
  },
  clean: true,
  sourcemap: false,
  silent: true,
  esbuildPlugins: [compactJson],
})
