import type { Kysely } from 'kysely'
import { isDataFault } from '#src/adapters/store/data-fault.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { compareIds } from '#src/streams/stream-entry.ts'
import type { StreamEntry, Streams } from '#src/streams/streams.ts'
import type { Tables } from '../tables.ts'
import { createWork, type Turn } from '../work/work.ts'
import { addWork } from '../work/work-queue.ts'
import { followedChannels, workFor } from './followed-streams.ts'
import type { Hooks } from './hooks.ts'
import { beginAt, forgetOthers, moveOn, type Position, readPositions } from './positions.ts'

const BEGINNING = '0-0'
/** Entries that are read and noted at once: each may have 256 KB. */
const LOT = 100
/** What is older is no news. */
const OLDEST_MS = 86_400_000

export interface FollowParts {
  readonly db: Kysely<Tables>
  readonly streams: Pick<Streams, 'read' | 'subscribe'>
  readonly hooks: Hooks
  readonly clock: Clock
  readonly log: Log
  readonly onAdded: () => void
}

export interface Following {
  /** `unsent`: heard of and not noted yet. `lost`: entries that will never be sent, since the hook has its address. */
  figures(): { readonly unsent: number; readonly lost: number }
  stop(): Promise<void>
}

/**
 * Notes what the followed channels say as work for each hook that has an address. The streams themselves are the queue: how far each was
 * read is committed with the work, so that an outage or a stop delays and loses nothing, and of any number of processes one notes each entry.
 */
export function followStreams({ db, streams, hooks, clock, log, onAdded }: FollowParts): Following {
  const followed = followedChannels(hooks)
  let positions: ReadonlyMap<string, Position> = new Map()
  let tidy = false
  /** Numbers of the newest entries that were heard of. */
  const heard = new Map<string, number>()
  /** Channels whose Redis may have lost its memory. */
  const inDoubt = new Set(followed)

  async function turn(): Promise<Turn> {
    if (!tidy) await forgetOthers(db, followed)
    tidy = true
    positions = await readPositions(db)
    const found = { did: false, more: false }
    for (const channel of followed) {
      const position = positions.get(channel)
      const read = position ? await readOn(position) : await begin(channel)
      found.did ||= read > 0
      found.more ||= read === LOT
    }
    if (found.did) onAdded()
    positions = await readPositions(db)
    return found
  }

  /** What was said before anybody followed is nobody's news. */
  async function begin(channel: string): Promise<number> {
    const [newest] = await streams.read(channel, { count: 1 })
    await beginAt(db, { channel, id: newest?.id ?? BEGINNING, number: newest?.number ?? 0 })
    return 0
  }

  /** Answers how many were read. */
  async function readOn(position: Position): Promise<number> {
    const { channel, id } = position
    const old = `${clock.now().getTime() - OLDEST_MS}-0`
    const entries = await streams.read(channel, { after: compareIds(id, old) < 0 ? old : id, count: LOT })
    if (entries.length > 0) await note(position, entries)
    else if (inDoubt.has(channel)) await compare(position)
    inDoubt.delete(channel)
    return entries.length
  }

  async function note(position: Position, entries: readonly StreamEntry[]): Promise<void> {
    try {
      await noteTogether(position, entries)
    } catch (error) {
      if (!isDataFault(error)) throw error
      await noteEach(position, entries)
    }
  }

  /** Answers where it stands now; undefined where another process was at it. */
  async function noteTogether(position: Position, entries: readonly StreamEntry[]): Promise<Position | undefined> {
    const { id, number } = entries.at(-1)!
    const missing = position.number === null ? 0 : entries[0]!.number - position.number - 1
    const next = { ...position, id, number, lost: position.lost + Math.max(0, missing) }
    const now = clock.now()
    const work = new Map(entries.map((entry) => workFor(entry, now)).map((each) => [each.key, each]))
    return db.transaction().execute(async (tx) => {
      if (!(await moveOn(tx, position, next))) return undefined
      await addWork(tx, [...work.values()], now)
      return next
    })
  }

  /** One that cannot be kept takes no other with it. */
  async function noteEach(from: Position, entries: readonly StreamEntry[]): Promise<void> {
    let position: Position | undefined = from
    for (const entry of entries) {
      if (position) position = await noteAlone(position, entry)
    }
  }

  async function noteAlone(position: Position, entry: StreamEntry): Promise<Position | undefined> {
    try {
      return await noteTogether(position, [entry])
    } catch (err) {
      if (!isDataFault(err)) throw err
      const { id, number, channel } = entry
      log.error({ err, channel, id }, 'an entry of a stream cannot be kept and is sent to no hook')
      const next = { ...position, id, number, lost: position.lost + 1 }
      return (await moveOn(db, position, next)) ? next : undefined
    }
  }

  /** A Redis that lost its memory may count its time anew: what it says then seems to be of before. */
  async function compare(position: Position): Promise<void> {
    if (position.id === BEGINNING) return
    const [newest] = await streams.read(position.channel, { count: 1 })
    if (newest && compareIds(newest.id, position.id) >= 0) return
    await moveOn(db, position, { ...position, id: BEGINNING, number: null })
  }

  const loop = createWork({ name: 'follow streams', turn, clock, log })
  loop.start()
  const subscription =
    followed.length === 0
      ? undefined
      : // Foreign publishers are only heard while somebody subscribes; what is heard is then read from the stream.
        streams.subscribe(
          followed,
          ({ channel, number }) => {
            heard.set(channel, number)
            loop.wake()
          },
          (channel, lost) => {
            if (lost !== undefined) return
            heard.delete(channel)
            inDoubt.add(channel)
          },
        )

  const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0)
  return {
    figures: () => ({
      unsent: sum([...heard].map(([channel, number]) => Math.max(0, number - (positions.get(channel)?.number ?? number)))),
      lost: sum([...positions.values()].map(({ lost }) => lost)),
    }),
    async stop() {
      await (await subscription)?.stop()
      await loop.stop()
    },
  }
}
