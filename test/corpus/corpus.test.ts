/**
 * Every blob of Ceph's object corpus decodes, and what is encoded again has the bytes it came from. The corpus
 * stays outside the project: CEPH_OBJECT_CORPUS names the folder, in the layout TYPE/HASH.bin or in the public
 * archive's own (archive/VERSION/objects/TYPE/HASH).
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOREIGN_TYPES, TYPES } from './type-table.ts'

const ARCHIVE = 'archive/16.2.0-90-g50f1821b4c/objects'

const folder = process.env['CEPH_OBJECT_CORPUS'] ?? ''
const archive = join(folder, ARCHIVE)
const objects = folder !== '' && existsSync(archive) ? archive : folder
const available = existsSync(join(objects, 'OSDMap')) && folder !== ''

// Blobs that are refused, and why. The first is on the corpus's own list of forward incompatible ones; the others
// are default-constructed values that no program ever writes.
const REFUSED: ReadonlyMap<string, RegExp> = new Map([
  ['MgrMap__ModuleOption', /unread bytes/],
  ['MonitorDBStore__Op', /transaction op type 0/],
])

interface Blob {
  readonly name: string
  readonly bytes: Buffer
}

// The archive spells `::`, the flat layout `__`.
const folderOf = (type: string): string =>
  [type, type.replaceAll('__', '::')].map((name) => join(objects, name)).find(existsSync) ?? ''

const blobsOf = (type: string): readonly Blob[] =>
  folderOf(type) === ''
    ? []
    : readdirSync(folderOf(type))
        .sort()
        .map((name) => ({ name, bytes: readFileSync(join(folderOf(type), name)) }))

describe('Ceph object corpus', function () {
  const checked = { types: 0, exact: 0, byValue: new Map<string, number>(), refused: [] as string[] }

  before(function () {
    if (available) return
    console.log('      skipped: CEPH_OBJECT_CORPUS names no folder with the object corpus')
    this.skip()
  })

  after(() => {
    if (!available) return
    const byValue = [...checked.byValue].map(([type, count]) => `${count} ${type}`).join(', ')
    console.log(`      ${checked.exact} blobs of ${checked.types} types byte for byte`)
    console.log(`      by value, as an older release wrote them: ${byValue}`)
    console.log(
      `      refused, not being what a 16.2 program writes: ${checked.refused.join(', ') || 'none'}`,
    )
  })

  for (const [type, codec] of Object.entries(TYPES))
    it(type, () => {
      const blobs = blobsOf(type)
      assert.ok(blobs.length > 0, `no blob of ${type}`)
      checked.types++
      for (const { name, bytes } of blobs) {
        const where = `${type}/${name}`
        const refusal = refusalOf(() => codec.reencoded(bytes))
        if (refusal !== undefined) {
          assert.match(refusal, REFUSED.get(type) ?? /^$/, where)
          checked.refused.push(type)
          continue
        }
        const again = codec.reencoded(bytes)
        const drifted =
          codec.driftBelow !== undefined &&
          (codec.driftBelow === 0 ? again.length !== bytes.length : bytes.readUInt8(0) < codec.driftBelow)
        if (drifted) {
          assert.deepEqual(codec.value(again), codec.value(bytes), where)
          checked.byValue.set(type, (checked.byValue.get(type) ?? 0) + 1)
        } else {
          assert.ok(again.equals(bytes), `${where}: ${difference(again, bytes)}`)
          checked.exact++
        }
      }
    })

  it('has no type that is neither carried nor known to be of no concern', () => {
    const AUTH =
      /^(Auth|CephX|CryptoKey|Entity(Auth|Name)$|ExpiringCryptoKey|KeyServer|MonCap$|RotatingSecrets)/
    const unknown = readdirSync(objects, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'wire')
      .map((entry) => entry.name.replaceAll('::', '__'))
      .filter((type) => !(type in TYPES) && !(type in FOREIGN_TYPES) && !AUTH.test(type))
    if (objects !== archive) assert.deepEqual(unknown, [])
  })
})

const refusalOf = (read: () => unknown): string | undefined => {
  try {
    read()
    return undefined
  } catch (error) {
    return String(error)
  }
}

const difference = (ours: Buffer, theirs: Buffer): string => {
  const at = theirs.findIndex((byte, i) => ours[i] !== byte)
  return `byte ${at}, ${ours.length} bytes instead of ${theirs.length}`
}
