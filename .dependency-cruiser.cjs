/**
 * The folder rules of src/README.md, as a check: which folder may import which, no cycles, and no operating
 * system in the folders that are pure.
 */
const PURE = [
  'base',
  'codec',
  'message',
  'map',
  'auth',
  'config',
  'election',
  'paxos',
  'service',
  'monitor',
  'trace',
]
const PURE_PATHS = [`^src/(${PURE.join('|')})/`, '^src/store/(key|transaction|view)[.]ts$']

// What each folder may import besides itself and base/; node/ and cli/ may import everything.
const MAY_IMPORT = {
  base: [],
  codec: [],
  map: ['codec'],
  auth: ['codec'],
  message: ['codec', 'map', 'auth'],
  store: ['codec'],
  config: ['codec/type'],
  election: ['trace/record[.]ts'],
  paxos: ['store/(key|transaction|view)[.]ts', 'codec', 'trace/record[.]ts'],
  service: ['codec', 'message', 'map', 'auth', 'store/(key|transaction|view)[.]ts', 'config'],
  monitor: [
    'codec',
    'message',
    'map',
    'auth',
    'store/(key|transaction|view)[.]ts',
    'config',
    'election',
    'paxos',
    'service',
    'trace/record[.]ts',
    'net/contract[.]ts',
  ],
  net: ['codec', 'auth/contract[.]ts', 'message/raw[.]ts'],
  trace: [],
  admin: ['service/errno[.]ts'],
}

const folderRule = ([folder, allowed]) => ({
  name: `${folder}-imports`,
  severity: 'error',
  comment: `src/README.md: ${folder}/ may import ${['base', ...allowed].join(', ')}`,
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: [folder, 'base', ...allowed].map((name) => `^src/${name}`) },
})

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Types may name each other; code may not.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nothing imports and that imports nothing is dead.',
      from: { orphan: true, path: '^src/', pathNot: ['[.]json$', '/contract[.]ts$', '[.]d[.]ts$'] },
      to: {},
    },
    ...Object.entries(MAY_IMPORT).map(folderRule),
    {
      name: 'pure-folders-see-no-system',
      severity: 'error',
      comment:
        'Clock, disk, socket and process arrive as events. node:net is imported for its address parser.',
      from: { path: PURE_PATHS },
      to: {
        dependencyTypes: ['core'],
        pathNot: ['^(node:)?(assert|buffer|crypto|zlib)$', '^(node:)?net$'],
      },
    },
    {
      name: 'sockets-only-in-net',
      severity: 'error',
      from: { path: PURE_PATHS, pathNot: '^src/(codec/type/entity-addr|auth/cap-network)[.]ts$' },
      to: { dependencyTypes: ['core'], path: '^(node:)?net$' },
    },
    {
      name: 'crypto-only-in-auth',
      severity: 'error',
      from: { path: PURE_PATHS, pathNot: '^src/auth/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?crypto$' },
    },
    {
      name: 'task-either-only-in-adapters',
      severity: 'error',
      comment: 'Pure code answers at once: Either or a plain value.',
      from: { path: PURE_PATHS },
      to: { path: 'fp-ts/.*/(TaskEither|Task|IO|IOEither)[.]js$' },
    },
    {
      name: 'production-packages-only',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '@types/' },
    },
    { name: 'resolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
}
