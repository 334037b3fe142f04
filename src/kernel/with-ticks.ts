import type { Clock } from './clock.ts'

/** What the source yields, and a tick whenever it was silent for that long. Ends with the source; throws what it throws. */
export async function* withTicks<Item>(
  source: AsyncIterable<Item>,
  clock: Clock,
  everyMs: number,
  signal: AbortSignal,
): AsyncGenerator<Item | 'tick'> {
  const iterator = source[Symbol.asyncIterator]()
  let next = iterator.next()
  try {
    while (!signal.aborted) {
      const quiet = new AbortController()
      const tick = clock.sleep(everyMs, AbortSignal.any([signal, quiet.signal])).then(() => 'tick' as const)
      const first = await Promise.race([next, tick]).finally(() => quiet.abort())
      if (first === 'tick') {
        if (!signal.aborted) yield 'tick'
        continue
      }
      if (first.done) return
      yield first.value
      next = iterator.next()
    }
  } finally {
    // The source may be waiting: it is told to end by the signal, and what it still says concerns nobody.
    next.catch(() => undefined)
    void iterator.return?.()?.catch(() => undefined)
  }
}
