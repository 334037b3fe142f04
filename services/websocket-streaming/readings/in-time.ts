import type { Clock } from '#src/kernel/clock.ts'
import { redisFault } from '#src/streams/publish.ts'

/** As long as `/health` waits for Redis: by then it says that Redis is down. */
export const patienceMs = 1_000

/** What Redis answers, for somebody who waits for it. Throws UpstreamError where it does not answer in time: what was asked may be done yet. */
export async function inTime<Answer>(clock: Clock, operation: string, asked: Promise<Answer>): Promise<Answer> {
  const answered = new AbortController()
  const late = clock.sleep(patienceMs, answered.signal).then(() => {
    throw redisFault(new Error('No answer in time'), operation)
  })
  late.catch(() => {}) // Nobody waits for it once there is an answer.
  asked.catch(() => {}) // Nor for this, once it is late.
  try {
    return await Promise.race([asked, late])
  } finally {
    answered.abort()
  }
}
