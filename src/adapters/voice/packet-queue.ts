/** Packets from whom they come to whom they are for, in their order, each kept until it is read. Whoever fills it sees to its size. */
export interface PacketQueue extends AsyncIterable<Uint8Array> {
  push(packet: Uint8Array): void
  /** Nothing follows what still waits. */
  end(): void
  /** Nothing follows, and what waits is forgotten. */
  drop(): void
}

export function createPacketQueue(): PacketQueue {
  let waiting: Uint8Array[] = []
  let read = 0
  let ended = false
  let reader: ((result: IteratorResult<Uint8Array, undefined>) => void) | undefined

  function answer(result: IteratorResult<Uint8Array, undefined>): void {
    const resolve = reader
    reader = undefined
    resolve?.(result)
  }

  function end(): void {
    ended = true
    answer({ done: true, value: undefined })
  }

  function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const value = waiting[read]
    if (value === undefined) {
      if (ended) return Promise.resolve({ done: true, value })
      return new Promise((resolve) => {
        reader = resolve
      })
    }
    read++
    if (read === waiting.length) {
      waiting = []
      read = 0
    }
    return Promise.resolve({ done: false, value })
  }

  return {
    push(packet) {
      if (ended) return
      if (reader) answer({ done: false, value: packet })
      else waiting.push(packet)
    },
    end,
    drop() {
      waiting = []
      read = 0
      end()
    },
    [Symbol.asyncIterator]: () => ({ next }),
  }
}
