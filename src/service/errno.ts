/** Linux errno numbers that Ceph answers with, and their C library texts. Commands answer the negative number. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  EDOM: 33,
  ERANGE: 34,
  EDEADLK: 35,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  EOPNOTSUPP: 95,
  ENOTSUP: 95,
  EADDRINUSE: 98,
  ENOTCONN: 107,
  ETIMEDOUT: 110,
  EALREADY: 114,
  ESTALE: 116,
  ECANCELED: 125,
} as const

const TEXT: ReadonlyMap<number, string> = new Map([
  [1, 'Operation not permitted'],
  [2, 'No such file or directory'],
  [4, 'Interrupted system call'],
  [5, 'Input/output error'],
  [7, 'Argument list too long'],
  [11, 'Resource temporarily unavailable'],
  [12, 'Cannot allocate memory'],
  [13, 'Permission denied'],
  [16, 'Device or resource busy'],
  [17, 'File exists'],
  [22, 'Invalid argument'],
  [27, 'File too large'],
  [28, 'No space left on device'],
  [33, 'Numerical argument out of domain'],
  [34, 'Numerical result out of range'],
  [38, 'Function not implemented'],
  [39, 'Directory not empty'],
  [95, 'Operation not supported'],
  [107, 'Transport endpoint is not connected'],
  [110, 'Connection timed out'],
  [125, 'Operation canceled'],
])

/** `(22) Invalid argument` for 22 or -22. Source: ceph src/common/errno.cc cpp_strerror. */
export const printErrno = (code: number): string => {
  const errno = Math.abs(code)
  return `(${errno}) ${TEXT.get(errno) ?? `Unknown error ${errno}`}`
}
