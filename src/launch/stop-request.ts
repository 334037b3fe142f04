export interface StopSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown
}

/** npm hands a terminal's Ctrl-C on to the program that got it already: what comes within this time is the same request. */
const sameRequestMs = 400

/** Calls `stop` when the process is asked to end (Ctrl-C, SIGTERM, a closed terminal), and `kill` when it is asked again. */
export function onStopRequest(source: StopSource, stop: () => void, kill: () => void, now = () => performance.now()): void {
  let first: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    source.on(signal, () => {
      if (first === undefined) {
        first = now()
        stop()
      } else if (now() - first > sameRequestMs) {
        kill()
      }
    })
  }
}
