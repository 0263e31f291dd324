/** What the operating system asks of a daemon. Source: ceph src/ceph_mon.cc, src/global/signal_handler.cc. */

export interface SignalHandlers {
  /** SIGTERM, SIGINT. */
  readonly onShutdown: (signal: string) => void
  /** SIGHUP: log files may have been moved away. */
  readonly onReopen: () => void
}

/** Installs the handlers; the result removes them. A second request to stop ends the process at once. */
export const handleSignals = (handlers: SignalHandlers): (() => void) => {
  let isStopping = false
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1)
    isStopping = true
    handlers.onShutdown(signal)
  }
  const reopen = (): void => {
    handlers.onReopen()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('SIGHUP', reopen)
  return () => {
    process.off('SIGTERM', stop)
    process.off('SIGINT', stop)
    process.off('SIGHUP', reopen)
  }
}
