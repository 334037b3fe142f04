import { compareIds, gapBetween } from '#src/streams/stream-entry.ts'
import type { StreamEntry, Streams } from '#src/streams/streams.ts'
import type { Outlet } from './clients/outlet.ts'
import type { Counts } from './counts.ts'
import { type Filter, wants } from './filter.ts'
import type { StreamingLimits } from './limits.ts'
import { type FramedEntry, frameEntry } from './messages/framed-entry.ts'

/** Where each channel begins: the last message that the client has. */
export type After = ReadonlyMap<string, string>

export interface ReplayDeps {
  readonly read: Streams['read']
  readonly outlet: Outlet
  readonly filter: Filter
  readonly after: After
  readonly limits: Pick<StreamingLimits, 'replayPage' | 'replayPageBytes'>
  readonly counts: Counts
  /** The client went, or asked for something else. */
  readonly signal: AbortSignal
}

interface Position {
  id: string
  /** Of the entry there; 0 where it is not in the stream any more, or never was. */
  number: number
  /** How many entries are likely to fill a page: some hold a few bytes, others 256 KB. */
  page: number
}

const FIRST_PAGE = 16

/**
 * What a client missed, then what happens: first what the streams still hold, then what came while that was read, nothing twice and
 * nothing left out. Until `run` resolves, live entries of the replayed channels are held back here.
 */
export function createReplay({ read, outlet, filter, after, limits, counts, signal }: ReplayDeps) {
  const positions = new Map<string, Position>()
  let held: FramedEntry[] = []
  let replayed = 0

  async function start(channel: string, id: string): Promise<void> {
    const [entry] = await read(channel, { after: justBefore(id), count: 1 })
    positions.set(channel, {
      id,
      number: entry && compareIds(entry.id, id) === 0 ? entry.number : 0,
      page: Math.min(FIRST_PAGE, limits.replayPage),
    })
  }

  function sayGap(channel: string, before: number, next: number): void {
    const gap = gapBetween(before, next)
    if (!gap) return
    // Where it begins is not known, so that nothing is known of how much it missed.
    if (before === 0) outlet.say({ type: 'gap', reason: 'trimmed', channel })
    else if (gap.lost === undefined) outlet.say({ type: 'gap', reason: 'lost', channel })
    else outlet.say({ type: 'gap', reason: 'trimmed', channel, lost: gap.lost })
  }

  /** What is sent of it at once: what is left is read again when the client can take it, and kept by nobody meanwhile. */
  function firstOf(entries: readonly StreamEntry[]): readonly StreamEntry[] {
    let bytes = 0
    const first = entries.filter(({ text }) => {
      bytes += text.length
      return bytes <= limits.replayPageBytes
    })
    return first.length > 0 ? first : entries.slice(0, 1)
  }

  /** Answers whether there are more. */
  async function readPage(channel: string, position: Position): Promise<boolean> {
    const asked = position.page
    const entries = await read(channel, { after: position.id, count: asked })
    const taken = firstOf(entries)
    position.page = taken.length < entries.length ? taken.length : Math.min(limits.replayPage, asked * 2)
    const frames: Buffer[] = []
    for (const entry of taken) {
      sayGap(channel, position.number, entry.number)
      position.id = entry.id
      position.number = entry.number
      const framed = frameEntry(entry)
      if (wants(filter, framed)) frames.push(framed.frame('enveloped'))
    }
    replayed += frames.length
    counts.replayed += frames.length
    if (frames.length > 0 && !signal.aborted) await outlet.pour(frames)
    return entries.length === asked || taken.length < entries.length
  }

  return {
    /** Whether a live entry waits here for its turn. */
    hold(framed: FramedEntry): boolean {
      const isHeld = after.has(framed.entry.channel)
      // More than that: what is left out here is read by a round of its own.
      if (isHeld && held.length <= limits.replayPage) held.push(framed)
      return isHeld
    },
    /** Resolves with how many messages were sent. Rejects where Redis is away. */
    async run(): Promise<number> {
      for (const [channel, id] of after) await start(channel, id)
      let more = true
      while (more && !signal.aborted) {
        more = false
        held = [] // All of it is in the streams, and read from now on.
        for (const [channel, position] of positions) more = (await readPage(channel, position)) || more
        more ||= held.length > limits.replayPage
      }
      return replayed
    },
    /**
     * Live entries that were not read here, those that were held back among them; for entries of each channel in their order. The reader of
     * the live ones may be behind what was replayed: until it has passed that, its entries are known already.
     */
    unread(entries: readonly FramedEntry[]): readonly FramedEntry[] {
      return entries.filter(({ entry: { channel, id } }) => {
        const position = positions.get(channel)
        if (!position) return true
        const isNew = compareIds(id, position.id) > 0
        if (isNew) positions.delete(channel)
        return isNew
      })
    },
    get held(): readonly FramedEntry[] {
      return held
    },
    /** The live reader has passed all that was replayed. */
    get passed() {
      return positions.size === 0
    },
  }
}
export type Replay = ReturnType<typeof createReplay>

/** The greatest id that is less: ids are compared as two numbers, of 64 bits each. */
function justBefore(id: string): string {
  const [time = '0', sequence = '0'] = id.split('-')
  if (BigInt(sequence) > 0n) return `${time}-${BigInt(sequence) - 1n}`
  return BigInt(time) === 0n ? '0-0' : `${BigInt(time) - 1n}-18446744073709551615`
}
