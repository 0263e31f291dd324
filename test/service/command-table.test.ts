import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { formatJson } from '../../src/base/json.ts'
import { decodeMessage } from '../../src/message/message.ts'
import { commandDescriptions, tellDescriptions, tellHelp } from '../../src/service/command-descriptions.ts'
import { parseSignature } from '../../src/service/command-signature.ts'
import { COMMAND_TABLE, MGR_COMMAND_TABLE, TELL_COMMAND_TABLE } from '../../src/service/command-table.ts'
import { commandProblem } from '../../src/service/validate-command.ts'
import { recordedMessages, wireFolder } from '../message/recorded.ts'

// Of the answer that a fresh ceph-mon 16.2.15 gave to `ceph mon stat`'s first command.
const RECORDED_BYTES = 73_271
const RECORDED_SHA256 = 'f349499b29cb9e18d2f352b20d656fbe248e6c779ac2687c1dd534d293f79cf5'

const fresh = formatJson(commandDescriptions([...MGR_COMMAND_TABLE, ...COMMAND_TABLE]))

describe('command descriptions', () => {
  it('are, for a monitor that has seen no manager, byte for byte what 16.2.15 answers', () => {
    assert.equal(Buffer.byteLength(fresh), RECORDED_BYTES)
    assert.equal(createHash('sha256').update(fresh).digest('hex'), RECORDED_SHA256)
  })

  it('equal the recorded answers', function () {
    const folder = wireFolder()
    if (folder === undefined) this.skip()
    const answers = recordedMessages(folder).flatMap(({ raw }) => {
      const message = decodeMessage(raw)
      if (E.isLeft(message) || message.right._tag !== 'MMonCommandAck') return []
      return message.right.cmd[0]?.includes('get_command_descriptions') ? [message.right.data] : []
    })
    assert.ok(answers.length > 0)
    for (const data of answers) assert.ok(data.toString() === fresh)
  })

  it('tell a client older than Nautilus that a flag is a choice of one word', () => {
    const [command] = COMMAND_TABLE.filter((c) => c.command.includes('yes_i_really_mean_it,type=CephBool'))
    const old = formatJson(commandDescriptions([command!], { knowsBool: false }))
    assert.match(
      old,
      /"name":"yes_i_really_mean_it","req":"false","strings":"--yes-i-really-mean-it","type":"CephChoices"/,
    )
  })

  it('of the admin socket have signature and help', () => {
    const text = formatJson(tellDescriptions(TELL_COMMAND_TABLE))
    assert.match(text, /^\{"cmd000":\{"sig":\["0"\],"help":""\},/)
    assert.ok(text.includes('"sig":["config","get",{"name":"var","type":"CephString"}]'))
  })

  it('list for help only what has a help text', () => {
    const help = formatJson(tellHelp(TELL_COMMAND_TABLE))
    assert.ok(help.includes('"mon_status":"report status of monitors"'))
    assert.ok(!help.includes('perfcounters_dump'))
  })
})

describe('the command table', () => {
  it('has 298 commands, with these numbers of flags', () => {
    const counts = new Map<bigint, number>()
    for (const { flags } of COMMAND_TABLE) counts.set(flags, (counts.get(flags) ?? 0) + 1)
    assert.equal(COMMAND_TABLE.length, 298)
    assert.deepEqual([...counts.keys()].sort(), [0n, 2n, 32n, 33n, 4n])
    assert.equal(MGR_COMMAND_TABLE.length, 50)
    assert.ok(MGR_COMMAND_TABLE.every(({ flags }) => flags === 8n))
  })

  it('gives every parameter a name and a type', () => {
    for (const { command } of [...COMMAND_TABLE, ...MGR_COMMAND_TABLE, ...TELL_COMMAND_TABLE])
      for (const part of parseSignature(command).parts)
        assert.ok(typeof part === 'string' || (part.has('name') && part.has('type')), command)
  })
})

describe('a signature', () => {
  it('has its literal words as prefix', () => {
    assert.equal(parseSignature('osd pool get name=pool,type=CephPoolname').prefix, 'osd pool get')
    assert.equal(parseSignature('status').prefix, 'status')
    assert.equal(parseSignature('fs ls ').prefix, 'fs ls')
  })
})

describe('checking arguments', () => {
  const problem = (command: string, args: Record<string, unknown>): string | undefined =>
    commandProblem(command, new Map(Object.entries(args)))

  const cases: readonly [string, Record<string, unknown>, string | undefined][] = [
    ['x name=a,type=CephString', {}, "missing required parameter: 'a'"],
    ['x name=a,type=CephString,req=false', {}, undefined],
    ['x name=a,type=CephString,n=N', {}, undefined],
    ['x name=a,type=CephString,n=N', { a: 'b' }, ''],
    ['x name=a,type=CephString', { a: ['b'] }, ''],
    ['x name=a,type=CephString', { a: 5 }, ''],
    ['x name=a,type=CephChoices,strings=b|c', { a: 'c' }, undefined],
    ['x name=a,type=CephChoices,strings=b|c', { a: 'd' }, "'d' not belong to 'b|c'"],
    ['x name=a,type=CephInt,range=0|100', { a: 100 }, undefined],
    ['x name=a,type=CephInt,range=0|100', { a: 101 }, "'101' out of range: [0,100]"],
    ['x name=a,type=CephInt,range=1', { a: 0 }, "'0' out of range: [1]"],
    ['x name=a,type=CephInt', { a: 1.5 }, ''],
    ['x name=a,type=CephFloat,range=0.0|1.0', { a: 0.5 }, undefined],
    ['x name=a,type=CephIPAddr', { a: '1.2.3.4:5' }, undefined],
    ['x name=a,type=CephIPAddr', { a: 'here' }, "failed to parse addr 'here', should be ip:[port]"],
  ]
  for (const [command, args, expected] of cases)
    it(`${command} with ${JSON.stringify(args)}: ${expected ?? 'fits'}`, () => {
      assert.equal(problem(command, args), expected)
    })
})
