import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { repeat } from '#src/kernel/repeat.ts'
import type { Lease } from '#src/signals/lease.ts'
import { compareIds } from '#src/streams/stream-entry.ts'
import type { StreamEntry, Streams, Subscription } from '#src/streams/streams.ts'
import type { History } from './history.ts'
import { createIntake, type News } from './intake.ts'
import { listenedChannels } from './listened.ts'
import { sourceKey } from './read-message.ts'
import { createScales } from './scales.ts'
import type { SourceRows } from './source-rows.ts'

/** All in ms. */
export const collectorPace = { writeEveryMs: 2_000, condenseEveryMs: 300_000, sourcesKeptMs: 30 * 86_400_000 } as const

/** What was published while nobody collected is read from the streams: so many entries of each channel in a piece, and so many pieces. */
const missed = { first: 100, piece: 1_000, pieces: 10 } as const

const BEGINNING = '0-0'

export interface CollectorParts {
  readonly streams: Pick<Streams, 'subscribe' | 'read'>
  readonly lease: Lease
  readonly rows: SourceRows
  readonly history: History
  /** To which place messages belong; undefined while no server is served. */
  readonly home: () => Place | undefined
  readonly clock: Clock
  readonly log: Log
}

/** Of all processes one reads the channels, and writes little of them: what each source said last, and its rows of the history. */
export function startCollector({ streams, lease, rows, history, home, clock, log }: CollectorParts): { stop(): Promise<void> } {
  const scales = createScales((source, scale) => log.info({ source, scale }, 'a source of readings is taken to use another scale'))
  const intake = createIntake(scales)
  /** The newest entry of each channel that was taken: each is taken once. */
  const positions = new Map<string, string>()
  let listening: Subscription | undefined
  let isFailing = false
  let condensedAt = 0

  function take(entry: StreamEntry): void {
    const { channel, id } = entry
    if (compareIds(id, positions.get(channel) ?? BEGINNING) <= 0) return
    positions.set(channel, id)
    intake.take(entry)
  }

  async function listen(): Promise<Subscription> {
    const early: StreamEntry[] = []
    let isCaughtUp = false
    const onEntry = (entry: StreamEntry) => (isCaughtUp ? take(entry) : void early.push(entry))
    const subscription = await streams.subscribe(
      listenedChannels,
      onEntry,
      (channel, lost) => {
        // Nobody knows how many where Redis lost its memory: its ids may begin anew, too.
        if (lost === undefined) positions.delete(channel)
        intake.refused(channel, 'it was lost before it could be read', clock.now(), lost)
      },
      (channel, why) => intake.refused(channel, why === 'oversized' ? 'it is too large' : 'it is no JSON object', clock.now()),
    )
    try {
      await catchUp()
    } catch (err) {
      log.debug({ err }, 'what was published before could not be read')
    }
    isCaughtUp = true
    early.forEach(take)
    return subscription
  }

  async function catchUp(): Promise<void> {
    for (const { channel, source, reading, lastId = BEGINNING } of await rows.load()) {
      if (reading?.scales) scales.know(sourceKey(channel, source), reading.scales)
      if (compareIds(lastId, positions.get(channel) ?? BEGINNING) > 0) positions.set(channel, lastId)
    }
    for (const channel of listenedChannels) {
      const position = positions.get(channel)
      await (position === undefined ? takeNewest(channel) : takeAfter(channel, position))
    }
  }

  async function takeNewest(channel: string): Promise<void> {
    for (const entry of await streams.read(channel, { count: missed.first })) take(entry)
  }

  async function takeAfter(channel: string, begin: string): Promise<void> {
    let after = begin
    for (let piece = 0; piece < missed.pieces; piece += 1) {
      const entries = await streams.read(channel, { after, count: missed.piece })
      entries.forEach(take)
      if (entries.length < missed.piece) return
      after = entries.at(-1)!.id
    }
  }

  async function write(news: News): Promise<void> {
    const place = home()
    if (!place) return intake.again(news)
    try {
      await history.write(place, news.rows)
      await rows.write(place, news.sources)
      isFailing = false
    } catch (err) {
      intake.again(news)
      if (!isFailing) log.warn({ err }, 'readings cannot be written: they are kept, and written later')
      isFailing = true
    }
  }

  async function condense(): Promise<void> {
    const now = clock.now()
    if (now.getTime() - condensedAt < collectorPace.condenseEveryMs) return
    condensedAt = now.getTime()
    await history.condense(now)
    await rows.prune(new Date(now.getTime() - collectorPace.sourcesKeptMs))
  }

  async function turn(): Promise<void> {
    if (!(await lease.hold())) return silence()
    listening ??= await listen()
    await write(intake.news(clock.now()))
    await condense()
  }

  /** What was taken is written, also where another process collects by now. */
  async function silence(): Promise<void> {
    const subscription = listening
    listening = undefined
    if (!subscription) return
    await subscription.stop()
    await write(intake.news('all'))
  }

  const turns = repeat({ name: 'readings', everyMs: collectorPace.writeEveryMs, clock, log, run: turn })
  return {
    async stop() {
      await turns.stop()
      await silence()
      await lease.release()
    },
  }
}
