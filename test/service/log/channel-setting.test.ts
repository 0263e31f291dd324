import assert from 'node:assert/strict'
import { channelSetting, isLevelWritten } from '../../../src/service/log/channel-setting.ts'

describe('channelSetting', () => {
  it('takes one bare value for every channel', () => {
    assert.equal(channelSetting('/var/log/$channel.log', 'audit'), '/var/log/audit.log')
  })

  it('prefers the channel’s own value to the default one, wherever they stand', () => {
    const setting = 'default=/d/$channel cluster=/c, audit='
    assert.deepEqual(
      ['cluster', 'audit', 'cephadm'].map((channel) => channelSetting(setting, channel)),
      ['/c', '', '/d/cephadm'],
    )
  })

  it('is empty when nothing is set', () => {
    assert.equal(channelSetting('', 'cluster'), '')
    assert.equal(channelSetting('audit=/a', 'cluster'), '')
  })
})

describe('isLevelWritten', () => {
  it('lets through what is as grave as the setting, security being the gravest', () => {
    const levels = ['debug', 'info', 'warn', 'error', 'sec'] as const
    const written = (least: string): readonly string[] =>
      levels.filter((level) => isLevelWritten(level, least))
    assert.deepEqual(written('debug'), [...levels])
    assert.deepEqual(written('Warning'), ['warn', 'error', 'sec'])
    assert.deepEqual(written('crit'), ['sec'])
    assert.deepEqual(written('anything'), [...levels])
  })
})
