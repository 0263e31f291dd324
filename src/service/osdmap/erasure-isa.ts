/** Techniques of the isa plugin. Source: ceph src/erasure-code/isa/ErasureCodeIsa.cc. */
import type { Numbers, Technique } from './erasure-code.ts'

// EC_ISA_ADDRESS_ALIGNMENT.
const ALIGNMENT_BYTES = 32

const of = (numbers: Numbers, name: string): number => numbers.get(name) ?? 0

const base = {
  defaults: [
    ['k', '7'],
    ['m', '3'],
  ],
  hasChunkAlignment: false,
  chunkBytes: (numbers: Numbers, objectBytes: number) => {
    const chunk = Math.ceil(objectBytes / of(numbers, 'k'))
    return Math.ceil(chunk / ALIGNMENT_BYTES) * ALIGNMENT_BYTES
  },
} as const

// Beyond these not every loss can be repaired.
const VANDERMONDE_MAX = { k: 32, m: 4, kWithFour: 21 } as const

const vandermondeComplaints = (numbers: Numbers): readonly string[] => {
  const [k, m] = [of(numbers, 'k'), of(numbers, 'm')]
  return [
    ...(k > VANDERMONDE_MAX.k ? [`Vandermonde: m=${m} should be less/equal than 32 : revert to k=32`] : []),
    ...(m > VANDERMONDE_MAX.m
      ? [`Vandermonde: m=${m} should be less than 5 to guarantee an MDS codec: revert to m=4`]
      : []),
    ...(m >= VANDERMONDE_MAX.m && k > VANDERMONDE_MAX.kWithFour
      ? [`Vandermonde: k=${k} should be less than 22 to guarantee an MDS codec with m=4: revert to k=21`]
      : []),
  ]
}

export const ISA_TECHNIQUES: ReadonlyMap<string, Technique> = new Map<string, Technique>([
  ['reed_sol_van', { ...base, complaints: vandermondeComplaints }],
  ['cauchy', { ...base, complaints: () => [] }],
])
