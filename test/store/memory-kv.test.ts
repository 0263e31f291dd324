import { memoryKv } from '../../src/store/memory-kv.ts'
import { kvContract } from './kv-contract.ts'

describe('memory-kv', () => {
  kvContract(() => Promise.resolve(memoryKv()))
})
