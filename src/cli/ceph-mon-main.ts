/** Entry of `bin/ceph-mon`. */
import { cephMon } from './ceph-mon.ts'

process.exitCode = await cephMon(process.argv.slice(2), process.env)
