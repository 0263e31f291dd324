/** The config-key entries in the store. */
import type { StoreView } from '../../store/view.ts'
import { KV_PREFIX } from './state.ts'

/** Keys that start with `prefix`, and their values, in byte order. */
export function* keysFrom(
  store: StoreView,
  prefix: string,
): Generator<readonly [key: string, value: Buffer]> {
  for (const entry of store.range(KV_PREFIX, prefix)) {
    if (!entry[0].startsWith(prefix)) return
    yield entry
  }
}
