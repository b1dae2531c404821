import { defineConfig } from 'tsup'

// One entry for each subpath of package.json. Code shared by two entries is split into chunks, in both formats,
// so that an application which loads two of them holds it once.
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    memory: 'src/memory/index.ts',
    postgres: 'src/postgres/index.ts',
    sql: 'src/sql/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  splitting: true,
  dts: true,
  clean: true,
  sourcemap: false,
  silent: true,
})
