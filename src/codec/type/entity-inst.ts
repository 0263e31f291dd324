/** entity_inst_t, who and where. Grammar: entity_name_t, entity_addr_t. Source: ceph src/msg/msg_types.h. */
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import { BLANK_ADDR, decodeEntityAddr, encodeEntityAddr, type EntityAddr } from './entity-addr.ts'
import { decodeEntityNumber, encodeEntityNumber, type EntityNumber } from './entity-name.ts'

export interface EntityInst {
  readonly name: EntityNumber
  readonly addr: EntityAddr
}

/** Written where a field is kept for old readers only. */
export const BLANK_INST: EntityInst = { name: { type: 0, num: 0n }, addr: BLANK_ADDR }

export const decodeEntityInst = (r: Reader): EntityInst => ({
  name: decodeEntityNumber(r),
  addr: decodeEntityAddr(r),
})

export const encodeEntityInst = (w: Writer, inst: EntityInst): void => {
  encodeEntityNumber(w, inst.name)
  encodeEntityAddr(w, inst.addr)
}
