/** The negative errno values that authentication answers with. */
export const RESULT = {
  EPERM: -1,
  EIO: -5,
  EACCES: -13,
  EINVAL: -22,
  EOPNOTSUPP: -95,
} as const
