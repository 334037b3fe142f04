import type { LogLine, Railway } from '#src/adapters/railway/railway.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Report } from '#src/kernel/report.ts'
import { withTicks } from '#src/kernel/with-ticks.ts'
import { railwayFilter } from './railway-filter.ts'
import { redact } from './redact.ts'
import { shownLines, type Tail, type TailLine, tailReport } from './tail-report.ts'

export interface FollowTailParts {
  readonly tail: Tail
  readonly railway: Railway
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  /** False where nobody wants to see it any more. */
  readonly show: (report: Report, isOver: boolean) => Promise<boolean>
}

/** The least time between two reports, and how long to wait where Railway cannot be reached, in ms. */
const everyMs = 2_000
const retryMs = 5_000

/** Shows the newest lines, and then the new ones, until the tail's time is over or somebody stopped it. */
export async function followTail({ tail, railway, clock, log, signal, show }: FollowTailParts): Promise<void> {
  const filter = railwayFilter(tail.filter)
  const about = { deploymentId: tail.deployment, ...(filter !== undefined && { filter }) }
  const ending = new AbortController()
  const until = AbortSignal.any([signal, ending.signal])
  let lines: readonly TailLine[] = []
  let since: Date | undefined
  let seen = 0
  let shownAt = 0
  let isNew = true
  let trouble: string | undefined

  const isOver = () => clock.now() >= tail.endsAt
  const add = (more: readonly LogLine[]) => {
    lines = [...lines, ...more.map(({ at, message }) => ({ at, message: redact(message) }))].slice(-shownLines)
    since = more.at(-1)?.at ?? since
    seen += more.length
    isNew ||= more.length > 0
  }
  const tell = async () => {
    if (!isNew || clock.now().getTime() - shownAt < everyMs) return
    isNew = false
    shownAt = clock.now().getTime()
    if (!(await show(tailReport(tail, lines, seen, trouble === undefined ? {} : { trouble }), false))) ending.abort()
  }

  try {
    while (!until.aborted && !isOver()) {
      try {
        if (!since) add(await railway.logs({ ...about, limit: shownLines }))
        trouble = undefined
        await tell()
        const source = railway.followLogs({ ...about, ...(since && { since }), signal: until })
        for await (const item of withTicks(source, clock, everyMs, until)) {
          if (item !== 'tick') add(item)
          if (isOver()) break
          await tell()
        }
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error
        log.info({ tail: tail.id, reason: error.message }, 'a tail cannot read its logs at the moment')
        trouble = 'Railway cannot be reached at the moment; new lines appear here as soon as it can be,'
        isNew = true
        await tell()
      }
      if (!isOver()) await clock.sleep(retryMs, until)
    }
    if (!until.aborted) await show(tailReport(tail, lines, seen, { over: 'Ten minutes are over.' }), true)
  } finally {
    ending.abort()
  }
}
