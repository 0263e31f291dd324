/** Entry of `bin/monclave`. */
import { monclave } from './monclave.ts'

await monclave((code) => {
  process.exitCode = code
}).parseAsync(process.argv)
