/** A text and when it came, in ms. */
export interface Queued {
  readonly text: string
  readonly since: number
}

/** Texts in the order in which they came, the same one any number of times; the first of a text is found at once however many there are. */
export interface TextQueue {
  readonly size: number
  push(queued: Queued): void
  /** Takes out the first of that text. False where there is none. */
  take(text: string): boolean
  /** The one that came first. */
  first(): Queued | undefined
  shift(): Queued | undefined
  all(): readonly Queued[]
}

export function createTextQueue(): TextQueue {
  const byNumber = new Map<number, Queued>()
  const numbers = new Map<string, number[]>()
  let last = 0

  function remove(text: string): boolean {
    const own = numbers.get(text)
    const number = own?.shift()
    if (own?.length === 0) numbers.delete(text)
    return number !== undefined && byNumber.delete(number)
  }

  const first = () => byNumber.values().next().value
  return {
    get size() {
      return byNumber.size
    },
    push(queued) {
      last += 1
      byNumber.set(last, queued)
      const own = numbers.get(queued.text)
      if (own) own.push(last)
      else numbers.set(queued.text, [last])
    },
    take: remove,
    first,
    shift() {
      const oldest = first()
      if (oldest) remove(oldest.text)
      return oldest
    },
    all: () => [...byNumber.values()],
  }
}
