import type { Clock } from '#src/kernel/clock.ts'

export interface BacklogLimits {
  readonly entries: number
  readonly bytes: number
  /** What nobody appended for so long is given up. */
  readonly ms: number
}

export const backlogLimits: BacklogLimits = { entries: 1_000, bytes: 4_194_304, ms: 30_000 }

/**
 * What foreign publishers sent and the stream does not hold yet, as one process sees it: every process keeps it, so that whoever takes the
 * bridge over appends exactly what its predecessor did not. Redis shows all of them the same messages in the same order; only which of the
 * two is seen first, the message or its entry in the stream, differs.
 */
export interface Backlog {
  /** A foreign message was seen on the channel. */
  published(text: string): void
  /** The stream shows a foreign entry. */
  appended(text: string): void
  /**
   * From now on this process appends. Both the channel and the stream must have been read up to the moment in which the predecessor could
   * append no more. Answers what it left over, oldest first.
   */
  takeOver(): readonly string[]
  /** Another appends, or nobody. */
  handOver(): void
  /** What is in the stream is not known any more, or it shows a gap. */
  forget(): void
  /** Messages that were given up. */
  readonly lost: number
  /** Some were since the last gap: whoever reads the stream must see one. */
  readonly owesGap: boolean
  gapShown(): void
}

interface Waiting {
  readonly text: string
  readonly since: number
}

export function createBacklog(clock: Clock, limits: BacklogLimits = backlogLimits): Backlog {
  let waiting: Waiting[] = []
  /** Entries whose message has not been seen: it is on its way, or was sent before this process listened. */
  let ahead: Waiting[] = []
  let bytes = 0
  let mine = false
  let lost = 0
  let owesGap = false
  const now = () => clock.now().getTime()

  function give(up: Waiting): void {
    bytes -= up.text.length
    if (mine) return // It is on its way into the stream.
    lost += 1
    owesGap = true
  }

  return {
    published(text) {
      const oldest = now() - limits.ms
      ahead = ahead.filter(({ since }) => since >= oldest)
      if (!mine && take(ahead, text)) return
      waiting.push({ text, since: now() })
      bytes += text.length
      while (waiting.length > limits.entries || bytes > limits.bytes) give(waiting.shift()!)
    },
    appended(text) {
      if (take(waiting, text)) bytes -= text.length
      else ahead = [...ahead, { text, since: now() }].slice(-limits.entries)
    },
    takeOver() {
      const oldest = now() - limits.ms
      for (const each of waiting) if (each.since < oldest) give(each)
      waiting = waiting.filter(({ since }) => since >= oldest)
      mine = true
      return waiting.map(({ text }) => text)
    },
    handOver() {
      mine = false
    },
    forget() {
      waiting = []
      ahead = []
      bytes = 0
      owesGap = false
    },
    get lost() {
      return lost
    },
    get owesGap() {
      return owesGap
    },
    gapShown() {
      owesGap = false
    },
  }
}

function take(list: Waiting[], text: string): boolean {
  const at = list.findIndex((each) => each.text === text)
  if (at >= 0) list.splice(at, 1)
  return at >= 0
}
