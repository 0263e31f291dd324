/** Techniques of the jerasure plugin. Source: ceph src/erasure-code/jerasure/ErasureCodeJerasure.cc, ErasureCodeJerasure.h. */
import type { Numbers, Technique } from './erasure-code.ts'

// LARGEST_VECTOR_WORDSIZE and sizeof(int).
const VECTOR_BYTES = 16
const INT_BYTES = 4

const of = (numbers: Numbers, name: string): number => numbers.get(name) ?? 0

const padded = (bytes: number, alignment: number): number => Math.ceil(bytes / alignment) * alignment

/** Words are of `w` packets of so many bytes. */
const chunkBytes =
  (packetBytes: (numbers: Numbers) => number): Technique['chunkBytes'] =>
  (numbers, objectBytes, perChunk) => {
    const k = of(numbers, 'k')
    const word = of(numbers, 'w') * packetBytes(numbers)
    if (perChunk) {
      const alignment = packetBytes(numbers) === 1 ? word * VECTOR_BYTES : padded(word, VECTOR_BYTES)
      return padded(Math.ceil(objectBytes / k), alignment)
    }
    const unit = (word * INT_BYTES) % VECTOR_BYTES === 0 ? INT_BYTES : VECTOR_BYTES
    return padded(objectBytes, k * word * unit) / k
  }

const defaults = (k: number, m: number, w: number): readonly (readonly [string, string])[] => [
  ['k', String(k)],
  ['m', String(m)],
  ['w', String(w)],
]
const PACKET = ['packetsize', '2048'] as const

const wordComplaint = (who: string, end: string, numbers: Numbers): readonly string[] => {
  const w = of(numbers, 'w')
  return [8, 16, 32].includes(w) ? [] : [`${who}: w=${w} must be one of {8, 16, 32} : revert to ${end}`]
}

const reedSolomon: Technique = {
  defaults: defaults(7, 3, 8),
  hasChunkAlignment: true,
  complaints: (numbers) => wordComplaint('ReedSolomonVandermonde', '8', numbers),
  chunkBytes: chunkBytes(() => 1),
}

const raid6: Technique = {
  defaults: defaults(7, 2, 8),
  hasChunkAlignment: false,
  complaints: (numbers) => {
    const m = of(numbers, 'm')
    return [
      ...(m === 2 ? [] : [`ReedSolomonRAID6: m=${m} must be 2 for RAID6: revert to 2`]),
      ...wordComplaint('ReedSolomonRAID6', '8 ', numbers),
    ]
  },
  chunkBytes: chunkBytes(() => 1),
}

const packetBytes = (numbers: Numbers): number => of(numbers, 'packetsize')

// Differs: the original does not look, and ends over them.
const WORD_MAX = 32

const cauchy: Technique = {
  defaults: [...defaults(7, 3, 8), PACKET],
  hasChunkAlignment: true,
  complaints: (numbers) => [
    ...(of(numbers, 'w') >= 1 && of(numbers, 'w') <= WORD_MAX ? [] : [`w must be between 1 and ${WORD_MAX}`]),
    ...(packetBytes(numbers) >= 1 ? [] : ['packetsize must be >= 1']),
  ],
  chunkBytes: chunkBytes(packetBytes),
}

const isPrime = (n: number): boolean => {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false
  return n > 1
}

/** One of the liberation codes. `first`: what it complains of before the rest. */
const liberation = (
  w: number,
  wordComplaints: (w: number) => readonly string[],
  first: (numbers: Numbers) => readonly string[] = () => [],
): Technique => ({
  defaults: [...defaults(2, 2, w), PACKET],
  hasChunkAlignment: false,
  complaints: (numbers) => {
    const [k, width, packet] = [of(numbers, 'k'), of(numbers, 'w'), packetBytes(numbers)]
    return [
      ...first(numbers),
      ...(k > width ? [`k=${k} must be less than or equal to w=${width}`] : []),
      ...wordComplaints(width),
      ...(packet <= 0 ? [`packetsize=${packet} must be set`] : []),
      ...(packet % INT_BYTES === 0
        ? []
        : [`packetsize=${packet} must be a multiple of sizeof(int) = ${INT_BYTES}`]),
    ]
  },
  chunkBytes: chunkBytes(packetBytes),
})

// 7 is no fit either, and there for old data.
const blaumRothWord = (w: number): readonly string[] =>
  w === 7 || (w > 2 && isPrime(w + 1)) ? [] : [`w=${w} must be greater than two and w+1 must be prime`]

const liberationWord = (w: number): readonly string[] =>
  w > 2 && isPrime(w) ? [] : [`w=${w} must be greater than two and be prime`]

const liber8tionFirst = (numbers: Numbers): readonly string[] => {
  const [m, w] = [of(numbers, 'm'), of(numbers, 'w')]
  return [
    ...(m === 2 ? [] : [`liber8tion: m=${m} must be 2 for liber8tion: revert to 2`]),
    ...(w === 8 ? [] : [`liber8tion: w=${w} must be 8 for liber8tion: revert to 8`]),
  ]
}

export const JERASURE_TECHNIQUES: ReadonlyMap<string, Technique> = new Map([
  ['reed_sol_van', reedSolomon],
  ['reed_sol_r6_op', raid6],
  ['cauchy_orig', cauchy],
  ['cauchy_good', cauchy],
  ['liberation', liberation(7, liberationWord)],
  ['blaum_roth', liberation(7, blaumRothWord)],
  ['liber8tion', liberation(8, () => [], liber8tionFirst)],
])
