import { deepEqual } from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStateGraph } from '../../spec/dot.ts'
import { formatState } from '../../spec/tla-value.ts'

// Two states, as TLC 2.18 writes them (`Inc`) and as later releases do (`Inc(1)`); the last edge is there twice.
const dump = (label: string): string => `strict digraph DiskGraph {
nodesep=0.35;
-45 [label="/\\\\ s = \\"a\\"\\n/\\\\ x = 0",style = filled]
-45 -> 22 [label="${label}",color="black",fontcolor="black"];
22 [label="/\\\\ s = \\"a\\"\\n/\\\\ x = 1"];
22 -> -45 [label="Reset",color="black",fontcolor="black"];
22 -> -45 [label="Reset",color="black",fontcolor="black"];
{rank = same; -45;}
}
`

describe('a dumped state graph', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'monclave-dot-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  for (const label of ['Inc', 'Inc(1)'])
    it(`is read with the label ${label}`, async () => {
      const path = join(folder, 'graph.dot')
      await writeFile(path, dump(label))
      deepEqual(await readStateGraph(path, formatState), {
        nodes: ['/\\ s = "a"\n/\\ x = 0', '/\\ s = "a"\n/\\ x = 1'],
        initial: [0],
        edges: [[{ action: 'Inc', to: 1 }], [{ action: 'Reset', to: 0 }]],
        edgeCount: 2,
      })
    })
})
