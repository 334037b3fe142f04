import type { Clock } from '#src/kernel/clock.ts'
import { createTextQueue, type Queued } from './text-queue.ts'

export interface BacklogLimits {
  readonly entries: number
  readonly bytes: number
  /** What nobody appended for so long is given up. */
  readonly ms: number
}

export const backlogLimits: BacklogLimits = { entries: 10_000, bytes: 8_388_608, ms: 30_000 }

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
  /** Another appends, or nobody. `unsent`: so many of the newest this process did not get to. */
  handOver(unsent: number): void
  /** What is in the stream is not known any more, or it shows a gap. */
  forget(): void
  /** Messages that were given up. */
  readonly lost: number
  /** Some were since the last gap: whoever reads the stream must see one. */
  readonly owesGap: boolean
  gapShown(): void
}

export function createBacklog(clock: Clock, limits: BacklogLimits = backlogLimits): Backlog {
  let waiting = createTextQueue()
  /** Entries whose message has not been seen: it is on its way, or was sent before this process listened. */
  let ahead = createTextQueue()
  let bytes = 0
  let mine = false
  let lost = 0
  let owesGap = false
  const now = () => clock.now().getTime()

  /** The oldest that waits. */
  function give(): void {
    bytes -= waiting.shift()!.text.length
    if (mine) return // It is on its way into the stream.
    lost += 1
    owesGap = true
  }

  const oldest = () => now() - limits.ms
  const isOld = (queued: Queued | undefined, before: number) => queued !== undefined && queued.since < before

  return {
    published(text) {
      for (const before = oldest(); isOld(ahead.first(), before); ) ahead.shift()
      if (!mine && ahead.take(text)) return
      waiting.push({ text, since: now() })
      bytes += text.length
      while (waiting.size > limits.entries || bytes > limits.bytes) give()
    },
    appended(text) {
      if (waiting.take(text)) {
        bytes -= text.length
        return
      }
      ahead.push({ text, since: now() })
      if (ahead.size > limits.entries) ahead.shift()
    },
    takeOver() {
      for (const before = oldest(); isOld(waiting.first(), before); ) give()
      mine = true
      return waiting.all().map(({ text }) => text)
    },
    handOver(unsent) {
      mine = false
      if (unsent <= waiting.size) return
      lost += unsent - waiting.size
      owesGap = true
    },
    forget() {
      waiting = createTextQueue()
      ahead = createTextQueue()
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
