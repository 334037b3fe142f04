import type { Redis } from 'ioredis'
import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import { between } from './binding-rows.ts'
import { createBoard, emptyBoard } from './board.ts'
import { keep } from './keep.ts'
import { createPace } from './pace.ts'
import { createRate } from './rate.ts'
import type { Look } from './scoreboard.ts'
import { Fenced } from './stream-group.ts'
import { forgetStream, releaseStream, type Taken } from './stream-rows.ts'
import { createStreamSource } from './stream-source.ts'
import { type Tally, tallyFrom } from './tally.ts'
import { sayMissing } from './words.ts'

export interface ReaderParts {
  readonly taken: Taken
  /** One that never sends a command twice. */
  readonly redis: Redis
  /** The name of this process among those that read. */
  readonly consumer: string
  readonly store: Store
  readonly delivery: Pick<Delivery, 'revise' | 'post'>
  readonly leaseMs: number
  readonly clock: Clock
  readonly log: Log
  /** It is over: another process reads the stream, or nobody shows it any more. */
  onEnd(): void
}

export interface StreamReader {
  /** Something was published. */
  wake(): void
  /** Somebody published what is no message. */
  refused(): void
  /** Writes down what was read; another process goes on at once. */
  stop(): Promise<void>
}

/** In ms. */
export const reading = {
  /** Messages are let gather for so long before they are read; what nobody announced is looked for so often. */
  gatherMs: 100,
  idleMs: 2_000,
  /** What is new is written down, and shown, at most so often; all the rest (the lease, trouble, digests) is looked after so often. */
  keepMs: 1_000,
  lookMs: 5_000,
  afterFailureMs: 1_000,
  /** Redis out of reach for less is not worth a word. */
  outageMs: 5_000,
} as const

/** Reads one stream for all who show it, folds it in memory, writes that down, and only then acknowledges it. */
export function createStreamReader(parts: ReaderParts): StreamReader {
  const { taken, redis, consumer, store, delivery, leaseMs, clock, log, onEnd } = parts
  const { stream, fence } = taken
  const board = createBoard(stream, taken.board ?? emptyBoard)
  const source = createStreamSource({ redis, channel: stream, fence, consumer, board, tally: taken.tally })
  const keeping = { store, delivery, clock, leaseMs, pace: createPace() }
  const rate = createRate()
  const now = () => clock.now().getTime()
  /** What the board has said of what is missing. */
  let noted = taken.tally
  let keptAt = Number.NEGATIVE_INFINITY
  let underWay: Promise<void> | undefined
  let outSince: Date | undefined
  let over = false

  const loop = createLoop(async (signal) => {
    await clock.sleep(reading.gatherMs, signal)
    if (signal.aborted || over) return reading.idleMs
    const failed = await source.readOn(signal).then(reached, unreached)
    // While it is written down, reading goes on.
    if (isDue() && !underWay) underWay = write()
    if (failed) return reading.afterFailureMs
    return source.isBehind() ? reading.gatherMs : reading.idleMs
  }, clock)

  function reached(): boolean {
    if (outSince) {
      const ms = Math.round((now() - outSince.getTime()) / 1_000) * 1_000
      if (ms >= reading.outageMs) board.note(`Redis was out of reach for ${sayDuration(ms)}.`, 'warning', now(), 'outage')
      log.info({ stream, seconds: ms / 1_000 }, 'a stream is read again')
    }
    outSince = undefined
    return false
  }

  function unreached(error: unknown): boolean {
    if (error instanceof Fenced) end()
    else {
      if (!outSince) log.warn({ err: error, stream }, 'a stream cannot be read now')
      outSince ??= clock.now()
    }
    return true
  }

  function isDue(): boolean {
    return !over && now() - keptAt >= (source.isBehind() || rate.isMoving() ? reading.keepMs : reading.lookMs)
  }

  async function write(): Promise<void> {
    keptAt = now()
    try {
      await writeDown()
    } catch (error) {
      if (error instanceof Fenced) end()
      else log.warn({ err: error, stream }, 'what was read of a stream is not written down, or not acknowledged, yet')
    }
    underWay = undefined
  }

  async function writeDown(): Promise<void> {
    const tally = source.tally()
    if (tally) noteMissing(tally)
    const bindings = await keep(keeping, fence, lookOf(tally), tally)
    if (bindings > 0) return tally && source.acknowledge(tally)
    if (!(await forgetStream(store, taken))) return
    await source.end()
    end()
  }

  function lookOf(tally: Tally = tallyFrom({ newest: '0-0', added: 0 })): Look {
    const isOut = outSince !== undefined && now() - outSince.getTime() >= reading.outageMs
    return { stream, tally, board: board.stored(), perSecond: rate.at(tally.read, now()), outSince: isOut ? outSince : undefined }
  }

  /** What is missing is a change like any other: it is told, however much else there is to tell. */
  function noteMissing(tally: Tally): void {
    const { lost, gaps } = between(noted ?? tally, tally)
    const missing = sayMissing({ lost, gaps, unreadable: 0 })
    if (missing !== '') board.note(missing, 'warning', now())
    noted = tally
  }

  function end(): void {
    if (over) return
    over = true
    onEnd()
  }

  loop.start()
  return {
    wake: loop.wake,
    refused() {
      source.refused()
      loop.wake()
    },
    async stop() {
      await loop.stop()
      await underWay
      if (over) return
      await write()
      if (over) return
      await releaseStream(store, taken).catch((err) => log.debug({ err, stream }, 'a stream was not given back: its lease will end'))
    },
  }
}
