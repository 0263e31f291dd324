/**
 * Compiles src/ to dist/: a file for each program and one for each part that is loaded on demand. Hundreds of modules
 * would cost every start of a program half a second of looking for files.
 */
import { rmSync } from 'node:fs'
import { build } from 'esbuild'

const OUT = 'dist'

rmSync(OUT, { recursive: true, force: true })
await build({
  entryPoints: ['src/cli/ceph-mon-main.ts', 'src/cli/monclave-main.ts'],
  outdir: OUT,
  outbase: 'src',
  // Beside the programs, so that a path relative to the source is one relative to what was built.
  chunkNames: 'cli/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  // The same packages as modules that can be bundled function by function; Node.js itself cannot load them.
  alias: { 'fp-ts/lib': 'fp-ts/es6', 'io-ts': 'io-ts/es6/index.js' },
  // Native code is loaded from where it is installed.
  external: ['rocksdb', '@node-rs/crc32'],
  // Packages in CommonJS ask for Node.js's own modules by require.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
})
