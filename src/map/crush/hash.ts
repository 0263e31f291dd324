/**
 * Robert Jenkins' 32-bit mix, as CRUSH and Ceph's object hash use it. Arguments are taken modulo 2³², results are u32.
 * Source: ceph src/crush/hash.c, src/common/ceph_hash.cc; burtleburtle.net/bob/hash/evahash.html.
 */

const SEED = 1315423911
const X = 231232
const Y = 1232

// The three results of `mix`: a function has one, and an array for each call would cost more than the arithmetic.
let outA = 0
let outB = 0
let outC = 0

const mix = (p: number, q: number, s: number): void => {
  let a = p
  let b = q
  let c = s
  a = (a - b - c) ^ (c >>> 13)
  b = (b - c - a) ^ (a << 8)
  c = (c - a - b) ^ (b >>> 13)
  a = (a - b - c) ^ (c >>> 12)
  b = (b - c - a) ^ (a << 16)
  c = (c - a - b) ^ (b >>> 5)
  a = (a - b - c) ^ (c >>> 3)
  b = (b - c - a) ^ (a << 10)
  c = (c - a - b) ^ (b >>> 15)
  outA = a
  outB = b
  outC = c
}

/** crush_hash32_2. */
export const hash2 = (a: number, b: number): number => {
  mix(a, b, SEED ^ a ^ b)
  const [a1, b1] = [outA, outB]
  mix(X, a1, outC)
  mix(b1, Y, outC)
  return outC >>> 0
}

/** crush_hash32_3. */
export const hash3 = (a: number, b: number, c: number): number => {
  mix(a, b, SEED ^ a ^ b ^ c)
  const a1 = outA
  const b1 = outB
  mix(c, X, outC)
  const c1 = outA
  const x1 = outB
  mix(Y, a1, outC)
  const y1 = outA
  mix(b1, x1, outC)
  mix(y1, c1, outC)
  return outC >>> 0
}

/** crush_hash32_4. */
export const hash4 = (a: number, b: number, c: number, d: number): number => {
  mix(a, b, SEED ^ a ^ b ^ c ^ d)
  const a1 = outA
  const b1 = outB
  mix(c, d, outC)
  const c1 = outA
  const d1 = outB
  mix(a1, X, outC)
  const x1 = outB
  mix(Y, b1, outC)
  const y1 = outA
  mix(c1, x1, outC)
  mix(y1, d1, outC)
  return outC >>> 0
}

const GOLDEN_RATIO = 0x9e3779b9
const BLOCK_BYTES = 12

/** ceph_str_hash_rjenkins: hash of an object's name. */
export const hashBytes = (bytes: Buffer): number => {
  let a = GOLDEN_RATIO
  let b = GOLDEN_RATIO
  let c = 0
  const whole = bytes.length - (bytes.length % BLOCK_BYTES)
  for (let at = 0; at < whole; at += BLOCK_BYTES) {
    mix(a + bytes.readUInt32LE(at), b + bytes.readUInt32LE(at + 4), c + bytes.readUInt32LE(at + 8))
    a = outA
    b = outB
    c = outC
  }
  // The lowest byte of c is the length's: the rest fills a and b from their lowest byte, c from its second.
  const tail = Buffer.alloc(BLOCK_BYTES + 1)
  bytes.copy(tail, 0, whole)
  mix(a + tail.readUInt32LE(0), b + tail.readUInt32LE(4), c + bytes.length + tail.readUIntLE(8, 3) * 256)
  return outC >>> 0
}

/** ceph_str_hash_linux: the hash of pools made before rjenkins was the default. */
export const hashBytesLinux = (bytes: Buffer): number => {
  let hash = 0
  for (const byte of bytes) hash = Math.imul(hash + (byte << 4) + (byte >> 4), 11)
  return hash >>> 0
}
