/** Encoded maps of past epochs. */
import type { StoreView } from '../../store/view.ts'

/** The incremental that leads to `epoch`. */
export const incrementalMapBytes = (store: StoreView, epoch: number): Buffer | undefined =>
  store.get('osdmap', epoch.toString())

/** The full map of `epoch`. */
export const fullMapBytes = (store: StoreView, epoch: number): Buffer | undefined =>
  store.get('osdmap', `full_${epoch}`)
