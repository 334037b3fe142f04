/**
 * What a subscription sends: `listen` gets the function that sends one value and the one that ends the stream, and answers how to stop listening.
 * Ending it from the client's side takes effect at once, even while it waits.
 */
export function stream<Value>(listen: (send: (value: Value) => void, end: () => void) => () => void): AsyncIterableIterator<Value> {
  const ready: Value[] = []
  const waiting: ((result: IteratorResult<Value>) => void)[] = []
  let ended = false

  function end(): void {
    if (ended) return
    ended = true
    unlisten()
    for (const answer of waiting.splice(0)) answer({ done: true, value: undefined })
  }

  let unlisten = (): void => {}
  const stop = listen((value) => {
    const answer = waiting.shift()
    if (ended) return
    if (answer) answer({ done: false, value })
    else ready.push(value)
  }, end)
  if (ended) stop()
  else unlisten = stop

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next() {
      const value = ready.shift()
      if (value !== undefined) return Promise.resolve({ done: false, value })
      if (ended) return Promise.resolve({ done: true, value: undefined })
      return new Promise((resolve) => waiting.push(resolve))
    },
    return() {
      ready.length = 0
      end()
      return Promise.resolve({ done: true, value: undefined })
    },
  }
}
