import type { Redis } from 'ioredis'
import type { Board } from './board.ts'
import { messagesOf } from './messages-of.ts'
import { type Batch, createStreamGroup, type Reader } from './stream-group.ts'
import { type Tally, tallyFrom, withBatch } from './tally.ts'

export interface SourceParts extends Reader {
  /** One that never sends a command twice. */
  readonly redis: Redis
  readonly board: Pick<Board, 'take'>
  /** Where the process before left off; undefined where nobody has read this stream. */
  readonly tally: Tally | undefined
}

export const batches = {
  /** Messages of one batch. */
  first: 50,
  least: 5,
  most: 500,
  /** How large it should be, in characters: of what is read from 100 KB on V8 thinks that it will live long, and collects it at a high price. */
  length: 64_000,
  /** Messages that were read and are not written down yet: beyond it nothing more is read. */
  unkept: 100_000,
} as const

/** The entries of one stream, each folded once, in order, over lost connections and from one process to the next; and the account of them. */
export function createStreamSource({ redis, board, tally: before, ...reader }: SourceParts) {
  const group = createStreamGroup(redis, reader)
  let tally = before
  /** What is written down. */
  let kept = before
  let inDoubt = true
  let most: number = batches.first

  /**
   * What is written down is acknowledged; what was only read, by whomever, is taken over. A batch whose answer was lost on its way is among
   * that.
   */
  async function begin(): Promise<Tally> {
    const standing = await group.begin(tally === undefined)
    if (tally === undefined || kept === undefined) return tallyFrom(standing)
    if (!standing.known) return { ...withoutNumber(tally), position: '0-0', counted: 0, gaps: tally.gaps + 1 }
    let current = standing.added < tally.counted ? { ...withoutNumber(tally), counted: standing.added, gaps: tally.gaps + 1 } : tally
    await group.acknowledge(kept.position)
    for (let from: string | undefined = idAfter(current.position); from !== undefined; ) {
      const batch = await group.claim(most, current.number, from)
      current = await folded(current, batch, false)
      from = batch.next
    }
    return current
  }

  async function folded(current: Tally, batch: Batch, whole: boolean): Promise<Tally> {
    const { messages, unreadable } = await messagesOf(batch, group.texts)
    const after = withBatch(current, batch, whole)
    let unread = unreadable
    for (const message of messages) if (!board.take(message, after.lastAt ?? 0)) unread += 1
    const length = batch.delivered > 0 ? batch.json.length / batch.delivered : 1
    most = Math.max(batches.least, Math.min(batches.most, most * 2, Math.floor(batches.length / length)))
    return { ...after, unreadable: after.unreadable + unread }
  }

  /** How many may still be read before something is written down. */
  function room(): number {
    return batches.unkept - ((tally?.read ?? 0) - (kept?.read ?? 0))
  }

  return {
    /** Undefined until Redis was reached for the first time. */
    tally: () => tally,
    /** Something was read that is not written down. */
    isBehind: () => tally?.position !== kept?.position || tally?.unreadable !== kept?.unreadable,
    /** Reads all there is, as far as there is room. Rejects with Fenced where the stream is another's, or where Redis is away: then it may be tried again. */
    async readOn(signal: AbortSignal): Promise<void> {
      try {
        if (inDoubt) {
          tally = await begin()
          kept ??= tally
          await group.alone()
        }
        inDoubt = false
        for (let whole = false; !whole && !signal.aborted && room() > 0; ) {
          const asked = Math.min(most, room())
          const batch = await group.read(asked, tally!.number)
          whole = batch.delivered < asked
          tally = await folded(tally!, batch, whole)
        }
      } catch (error) {
        inDoubt = true
        throw error
      }
    },
    /** A message was published that is none. */
    refused(): void {
      if (tally) tally = { ...tally, unreadable: tally.unreadable + 1 }
    },
    /** This was written down: need never be read again. */
    async acknowledge(written: Tally): Promise<void> {
      kept = written
      if (!inDoubt) await group.acknowledge(written.position)
    },
    /** Nobody shows the stream any more. */
    end: () => group.end(),
  }
}

function idAfter(id: string): string {
  const [time = '0', sequence = '0'] = id.split('-')
  return `${time}-${BigInt(sequence) + 1n}`
}

function withoutNumber({ number: _, ...tally }: Tally): Tally {
  return tally
}
