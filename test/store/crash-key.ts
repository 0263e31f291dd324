/** Keys that the crash test's writer writes and its reader expects. */
export const KEYS_PER_TRANSACTION = 5

export const paddedKey = (n: number, i: number): string => `${String(n).padStart(8, '0')}.${i}`
