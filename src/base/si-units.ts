/**
 * Numbers with units, as Ceph prints them: three significant digits at most, a blank before a unit of bytes.
 *
 * Source: ceph src/include/types.h format_u, byte_u_t, si_u_t.
 */

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']
const SI_UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E']

const scaled = (value: bigint, base: number, units: readonly string[], separator: string): string => {
  let index = 0
  let whole = value
  while (whole >= BigInt(base) && index < units.length - 1) {
    whole /= BigInt(base)
    index++
  }
  const unit = `${separator}${units[index] ?? ''}`
  const divisor = BigInt(base) ** BigInt(index)
  if (index === 0 || value % divisor === 0n) return `${whole}${unit}`
  const quotient = Number(value) / Number(divisor)
  // Two decimals, fewer when the text would not fit seven characters of the original's buffer.
  for (let decimals = 2; decimals >= 0; decimals--) {
    const text = quotient.toFixed(decimals)
    if (text.length < 5) return `${text}${unit}`
  }
  return `${whole}${unit}`
}

/** `1.5 MiB`. */
export const printBytes = (bytes: bigint): string => scaled(bytes, 1024, BYTE_UNITS, ' ')

/** `1.5k`. */
export const printCount = (count: bigint): string => scaled(count, 1000, SI_UNITS, '')
