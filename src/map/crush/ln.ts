/**
 * The logarithm that straw2 buckets draw with: 2⁴⁴ × log2(u + 1) for 16-bit u, from two tables. The tables are part
 * of the format: the second one is not what its formula says, and every program must be wrong alike.
 * Source: ceph src/crush/crush_ln_table.h, mapper.c crush_ln.
 */
import { known } from '../../base/assert.ts'

const TWO_24 = 2 ** 24
const TWO_44 = 2 ** 44
const TWO_48 = 2 ** 48
const STEPS = 128

// 2⁴⁸ / (1 + k / 128), rounded up; the dividend is 2⁵⁵, too long for a division of doubles to be exact.
const RECIPROCALS = Float64Array.from({ length: STEPS + 1 }, (_, k) => {
  const divisor = BigInt(STEPS + k)
  return Number(((1n << 55n) + divisor - 1n) / divisor)
})

// 2⁴⁸ × log2(1 + k / 128), rounded down; the last entry is short of 2⁴⁸ by 2³².
const LOGARITHMS = Float64Array.from({ length: STEPS + 1 }, (_, k) =>
  k === STEPS ? TWO_48 - 2 ** 32 : Math.floor(TWO_48 * Math.log2(1 + k / STEPS)),
)

// About 2⁴⁸ × log2(1 + i / 2¹⁵) for i of 0 to 255, eleven hexadecimal digits each.
const FINE_DIGITS = 11
const FINE_HEX = [
  '00000000000002e2a60a000070cb64ec5009ef50ce6700cd1e588fd00fb4747e9c01296fdaf5e01579811b580185bfec2a1',
  '01b3e76a55201e20e8c38002103551d43023e5bbb2b2026c81c83e4029aa7790f002c8cccd9ed02f6f1c5ef203251662017',
  '03533aa1d7103815e8571a03af820cd2603dda537fae040bc806ec80439ea79a8c04680c9031004962e4a86c04c44fa8ab6',
  '04f270aaa0605209150672054eb19a013057cd1876fd05aaf118b4a05d9104dd0f06072f26c6406354da396006636bc441a',
  '06918988ca806bfa6f132206edc3fd79f071be0ada350749fd01afd077818f9a0c07a6349577a07d44fd535e08026ab8dce',
  '083085406e3085e9f6beb2088cb93b55208bad2aeadc08e8ebc5f650917048130509451ce05d3097334e37e509a14c8a953',
  '09cf63d5a3309fd7ac4a9d0a2b07f34580a59a78ea6a0a87bd699fb0ab5d2e89700ae3e80b8e30b11fcd28690b40113d818',
  '0b6e254c80a0b9c38ff8530bca4c5690c0bf85f51a4a0c2671f0c260c548433eb60c82961b2110cb0a7a664d0cdeb8d5b82',
  '0d0cc9a91c80d3ada209330d68ea3c1dd0d96f9fbbdb0dc5095f7440df318674300e2127132b50e4f35632ea0e7d43574e6',
  '0eab50ef8c10ed95e2be900f076b0c66c0f35779106a0f6383b9ca20f918f86b2a0fbf9af7c1a0feda60cf88101bb0c658c',
  '1049bb23e3c1077c5259af10a5cecb7fc10d3d81593a1101e103d7f112fe9964e4115df1ccf7e118bf9a7d6411ba0126ead',
  '11e8084a37112160f11bc61244157d7c312721b8d77f12a02141b1012ce269a28e12fc2b96e0f132a3037daa1358347d177',
  '1386386698c13b43bf45ff13e23f266e9141041fcc5e143e4477678146c469654b149a48598f014c849c117c14f64accf08',
  '15244b7d1a915524bd197615804bca68715ae4b678f215dc4aa90ce160a498ee3116384819134166646479ec1694441a870',
  '16c24191cd716df6ca19bd171e3b6d7aa174c37d1e44177a33dab1c17a82f87e4917d62ad97e2180425cf7fe182b07f3458',
  '18601aa8c19188e148c04618bc0e13b5218ea073fd521918001065d1945f88568b1973f09edf219a1e85ccaa19cfdfbf2c8',
  '19fdd6c60631a2bcd715931a59c3c126e1a87b9b570b1ab5af4e3801ae3a48b7e51b11996d4501b3f8df38d91b6d821e595',
  '1b9b75eda9b1bc969618031bf75c79de31c254f36c511c5341983651c81339e3361caf2548bd91cdd1697d671d0b078b7f5',
  '1d38f823b9a1d66e86086d1d94d841e861dc2c7c7df91df0b6f26df1e1ea5c194e1e4c943555d1e7a824db231ea8700aab5',
  '1ed65d6c42b1f044a7279d1f32371d51f1f60236ccca1f8e0f60eb31fbbfaf9af31fe9e63719e2017d1192cc2045bb9fe94',
  '2073a5cb50d209c06e621220cf791026a20fd622997c212b07f34582159334a8d821871b5215021b502fe51721d6a73a78f',
  '2210d144eee223eb7df52c226c9e1e713229a84024bb22c23679b4e22f64eb83a82324338a51b235218012a9237ffc1cc69',
  '23a2c3b0ea423d13ee805b24035e9221f243788faf2524656b4e735247ed646bfe24c12ee3d9824ef1025c1a251cf10c799',
  '25492644d652578b1c85ee25a6919d8f025d13ee805b2602503671626296453882265e0d62b53268beb701f326b9c92265e',
  '26d32f798a9271583758eb2743601673b27713c5c3b0279f1846e5f27ccf3d676127e6580aecb2828a9e44b328568462932',
  '287bdbf525528b2384de4a28d13ee805b29035e9221f2929645388229699bdfb6129902a37aab29c54b864c929deabd1083',
  '2a20f9c0bb52a4c7605d612a7bdbf52552a96056dafc2ac3daf14ef2af1b019eca2b2964538822b5d022d80f2b8fa471cb3',
  '2ba9012e7132bd6d4901cc2c04a796cf62c327a428a62c61a5e8f4c2c8e1e891f62cbbf023fc22ce9c163e6e2d179248e13',
  '2d4562d2ec62d73330209d2da102d63b02dced24f814',
].join('')
const FINE = Float64Array.from({ length: 256 }, (_, i) =>
  parseInt(FINE_HEX.slice(FINE_DIGITS * i, FINE_DIGITS * (i + 1)), 16),
)

const at = (table: Float64Array, index: number): number => known(table[index], `a logarithm at ${index}`)

const computeLn = (u: number): number => {
  const shift = (u + 1) & 0x18000 ? 0 : Math.clz32(u + 1) - 16
  const x = (u + 1) << shift
  const k = (x >> 8) - STEPS
  const reciprocal = at(RECIPROCALS, k)
  // x × reciprocal / 2⁴⁸ without leaving the integers that a double holds exactly.
  const high = Math.floor(reciprocal / TWO_24)
  const low = reciprocal - high * TWO_24
  const scaled = Math.floor((x * high + Math.floor((x * low) / TWO_24)) / TWO_24)
  const mantissa = Math.floor((at(LOGARITHMS, k) + at(FINE, scaled % 256)) / 16)
  return (15 - shift) * TWO_44 + mantissa
}

// All arguments there are, computed when the first is needed.
let table: Float64Array | undefined

/** Natural order of draws: crush_ln(u) - 2⁴⁸ for u of 0 to 0xffff; never positive. */
export const crushLn = (u: number): number => {
  table ??= Float64Array.from({ length: 0x10000 }, (_, v) => computeLn(v) - TWO_48)
  return at(table, u)
}
