import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askAdminSocket } from '../../src/admin/client.ts'
import type { AdminReply, AdminRequest } from '../../src/admin/protocol.ts'
import { listenAdminSocket, type AdminSocket } from '../../src/admin/socket.ts'

const folder = mkdtempSync(join(tmpdir(), 'asok-'))
const path = join(folder, 'ceph-mon.a.asok')

// Sends bytes, in pieces when told, and gives all that comes back; undefined when the server just closes.
const exchange = (...pieces: readonly Buffer[]): Promise<Buffer | undefined> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(path)
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      resolve(chunks.length === 0 ? undefined : Buffer.concat(chunks))
    })
    const [first = Buffer.alloc(0), ...rest] = pieces
    socket.write(first)
    for (const [i, piece] of rest.entries()) setTimeout(() => socket.write(piece), 20 * (i + 1))
  })

const payload = async (...pieces: readonly Buffer[]): Promise<string> => {
  const answer = await exchange(...pieces)
  assert.ok(answer !== undefined)
  assert.equal(answer.readUInt32BE(0), answer.length - 4)
  return answer.subarray(4).toString()
}

const text = (string: string): Buffer => Buffer.from(string)

describe('the admin socket', () => {
  let server: AdminSocket
  let requests: AdminRequest[] = []
  const onRequest = (request: AdminRequest): Promise<AdminReply> => {
    requests.push(request)
    if (request.prefix === 'fail')
      return Promise.resolve({ code: -22, text: 'no such thing', data: text('output') })
    return Promise.resolve({ code: 0, text: '', data: text(`did ${request.prefix}`) })
  }
  const listen = (): Promise<E.Either<unknown, AdminSocket>> =>
    listenAdminSocket({ path, mode: 0o600, onRequest })()

  beforeEach(async () => {
    requests = []
    const result = await listen()
    assert.ok(E.isRight(result), JSON.stringify(result))
    server = result.right
  })
  afterEach(async () => {
    await server.close()
  })
  after(() => {
    rmSync(folder, { recursive: true })
  })

  it('takes JSON that ends in a newline or in byte 0', async () => {
    assert.equal(await payload(text('{"prefix":"0"}\n')), 'did 0')
    const request = '{"prefix":"a b","format":"json","x":[1]}'
    const args = new Map([['x', [1]]])
    assert.equal(await payload(text(`${request}\0`)), 'did a b')
    assert.deepEqual(requests.at(-1), { prefix: 'a b', format: 'json', args, text: request })
  })

  it('takes a request in pieces', async () => {
    assert.equal(await payload(text('{"pre'), text('fix":"0"}'), text('\n')), 'did 0')
  })

  it('takes the ancient four bytes', async () => {
    assert.equal(await payload(Buffer.from([0, 0, 0, 0])), 'did 0')
    assert.equal(await payload(Buffer.from([0, 0]), Buffer.from([0, 2])), 'did perfcounters_schema')
    assert.equal(await payload(Buffer.from([0, 0, 0, 3])), 'did foo')
  })

  it('puts the error before the output', async () => {
    assert.equal(
      await payload(text('{"prefix":"fail"}\n')),
      'ERROR: (22) Invalid argument\nno such thing\noutput',
    )
  })

  // Each as ceph-mon 16.2.15 answers.
  const refusals: readonly [string, string][] = [
    ['abc', 'invalid json'],
    ['[]', 'invalid json'],
    ['', 'invalid json'],
    ['{"prefix":7}', 'invalid json, missing format and/or prefix'],
  ]
  for (const [request, why] of refusals)
    it(`answers ${JSON.stringify(request)} with: ${why}`, async () => {
      assert.equal(await payload(text(`${request}\n`)), `ERROR: (22) Invalid argument\n${why}\n`)
      assert.deepEqual(requests, [])
    })

  it('takes a request of 1023 bytes with its end and closes on one of 1025', async () => {
    const request = (bytes: number): Buffer => text(`{"prefix":"${'x'.repeat(bytes - 13)}"}\n`)
    assert.match(await payload(request(1023)), /^did x+$/)
    assert.equal(await exchange(request(1025)), undefined)
    assert.equal(await exchange(Buffer.alloc(5000, 'x')), undefined)
  })

  it('has the file mode that was asked for, and leaves no file', async () => {
    assert.equal(statSync(path).mode & 0o777, 0o600)
    await server.close()
    assert.equal(existsSync(path), false)
  })

  it('is not taken from one that is in use', async () => {
    const second = await listen()
    assert.ok(E.isLeft(second))
    assert.deepEqual(second.left, { _tag: 'AdminSocketInUse', path })
  })

  it('replaces a file that a crash left', async () => {
    await server.close()
    writeFileSync(path, '')
    const result = await listen()
    assert.ok(E.isRight(result))
    server = result.right
    assert.equal(await payload(text('{"prefix":"0"}\n')), 'did 0')
  })

  it('ends while a client is still thinking', async () => {
    const silent = exchange(text('{'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await server.close()
    assert.equal(await silent, undefined)
  })

  it('is asked by the client function', async () => {
    const answer = await askAdminSocket(path, { prefix: 'version', format: 'json' })()
    assert.ok(E.isRight(answer))
    assert.equal(answer.right.toString(), 'did version')
    const nobody = await askAdminSocket(join(folder, 'nobody'), { prefix: 'version' })()
    assert.ok(E.isLeft(nobody))
  })
})
