import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { BackendUsers } from './backend-users.ts'
import type { Doctor } from './doctor.ts'
import { type Area, type Finding, findingStates, findingsOf } from './finding.ts'
import { matrixFindings, type ReadMatrix } from './matrix-area.ts'

export interface DoctorParts {
  readonly areas: readonly Area[]
  readonly matrix: ReadMatrix
  readonly users?: Pick<BackendUsers, 'find'> | undefined
  readonly clock: Clock
  readonly log: Log
  /** For each area. */
  readonly limitMs?: number
}

export const doctorDefaults = { limitMs: 10_000 } as const

export function createDoctor({ areas, matrix, users, clock, log, limitMs = doctorDefaults.limitMs }: DoctorParts): Doctor {
  async function within<Answer>(name: string, work: Promise<Answer>): Promise<Answer | Finding> {
    const { unknown } = findingsOf(name)
    const done = new AbortController()
    const late = clock.sleep(limitMs, done.signal).then(() => unknown('Examination', 'It could not be examined in time.', 'Try again.'))
    try {
      return await Promise.race([work, late])
    } catch (error) {
      if (error instanceof UserError) return unknown('Examination', error.message)
      if (error instanceof UpstreamError) return unknown('Examination', error.message, 'Try again when it is reached.')
      log.error({ err: error, area: name }, 'an area could not be examined')
      return unknown('Examination', 'It could not be examined; the log says why.')
    } finally {
      done.abort()
    }
  }

  /** Nobody needs it: where it cannot be read, nothing is lost. */
  async function known(member: string | undefined) {
    if (member === undefined || !users) return undefined
    const done = new AbortController()
    const late = clock.sleep(limitMs, done.signal).then(() => undefined)
    const found = users.find(member).catch((err: unknown) => void log.warn({ err }, 'the table users could not be read'))
    return Promise.race([found, late]).finally(() => done.abort())
  }

  return {
    async examine(place: Place, member?: string) {
      const [rows, you, ...found] = await Promise.all([
        within('Services', matrix(place)),
        known(member),
        ...areas.map((area) => within<readonly Finding[]>(area.name, area.examine(place))),
      ])
      const readable = 'rows' in rows ? rows : undefined
      const findings = [...found.flat(), ...(readable ? matrixFindings(readable) : [rows as Finding])]
      const sorted = findings.toSorted((one, other) => findingStates.indexOf(one.state) - findingStates.indexOf(other.state))
      return { findings: sorted, matrix: readable?.rows, you, at: clock.now() }
    },
  }
}
