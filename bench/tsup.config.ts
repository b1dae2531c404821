import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { internals: 'bench/internals.ts' },
  outDir: 'bench/.build',
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  silent: true,
})
