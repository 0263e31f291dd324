/**
 * How long tests with random input run. MONCLAVE_FUZZ_FACTOR multiplies every count (1 by default, with the same
 * input in every run); MONCLAVE_FUZZ_SEED chooses other input.
 *
 *   MONCLAVE_FUZZ_FACTOR=100 MONCLAVE_FUZZ_SEED=7 npx mocha test/fuzz test/net/msgr2/fuzz.test.ts
 */
import { Random } from '../paxos/random.ts'

export const FUZZ_FACTOR = Number(process.env['MONCLAVE_FUZZ_FACTOR'] ?? 1)
export const FUZZ_SEED = Number(process.env['MONCLAVE_FUZZ_SEED'] ?? 1)

export const runs = (count: number): number => Math.ceil(count * FUZZ_FACTOR)

/** Runs `one` with numbers of its own each time, `count` times the factor; says how often when it was long. */
export const fuzz = (what: string, count: number, one: (random: Random, run: number) => void): void => {
  const total = runs(count)
  const began = performance.now()
  for (let run = 0; run < total; run++) {
    const seed = Math.imul(FUZZ_SEED, 0x9e3779b1) + run
    try {
      one(new Random(seed), run)
    } catch (error) {
      throw new Error(`${what}: run ${run} of seed ${FUZZ_SEED}`, { cause: error })
    }
  }
  if (FUZZ_FACTOR > 1)
    console.log(`      ${total} ${what} in ${((performance.now() - began) / 1000).toFixed(0)} s`)
}

/** `original` with one to four changes: bits flipped, bytes cut out, doubled, overwritten with large numbers. */
export const mutate = (random: Random, original: Buffer): Buffer => {
  let bytes: Buffer = Buffer.from(original)
  for (let left = 1 + random.below(4); left > 0; left--) bytes = mutateOnce(random, bytes)
  return bytes
}

const LARGE = ['ff', 'ffff', 'ffffffff', 'ffffff7f', '00000080', 'ffffffffffffffff', '00', '00000000']

const mutateOnce = (random: Random, bytes: Buffer): Buffer => {
  const at = random.below(bytes.length + 1)
  const length = random.below(20)
  switch (random.below(6)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
    case 1:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)])
    case 2:
      return bytes.subarray(0, at)
    case 3: {
      const noise = Buffer.from(Array.from({ length }, () => random.below(256)))
      return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)])
    }
    case 4: {
      const large = Buffer.from(random.pick(LARGE), 'hex')
      return Buffer.concat([bytes.subarray(0, at), large, bytes.subarray(at + large.length)])
    }
    default:
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
      return bytes
  }
}
