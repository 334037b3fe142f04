import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Policies } from '#src/policies/policies.ts'
import type { Signals } from '#src/signals/signals.ts'
import { describeScaling } from './describe-scaling.ts'
import type { LoadRows } from './load-rows.ts'
import type { LoadSample } from './load-sample.ts'
import type { createReadPastLoad, PastLoad } from './past-load.ts'
import { replayPanels } from './pictures.ts'
import { replay } from './replay.ts'
import type { ScaleRules } from './scale-rules.ts'
import type { ScalePolicy, Scaling } from './scaling.ts'
import { readWritten, writtenWith } from './written.ts'

export interface SimulateParts {
  readonly policies: Pick<Policies<ScaleRules>, 'named'>
  readonly rows: Pick<LoadRows, 'since'>
  /** The rules as they were written. */
  readonly written: (policy: ScalePolicy) => Promise<unknown>
  readonly readPastLoad: ReturnType<typeof createReadPastLoad>
  readonly signals: Pick<Signals, 'newest'>
  readonly clock: Clock
}

/** A record that begins so little later than the window is of all of it. */
const LATE_MS = 10 * 60_000
/** Fewer say nothing. */
const LEAST_SAMPLES = 5

/** See Scaling. */
export function createSimulate({ policies, rows, written, readPastLoad, signals, clock }: SimulateParts): Scaling['simulate'] {
  async function loadOf(place: Place, { service }: ScalePolicy, from: Date, to: Date): Promise<PastLoad> {
    const recorded = await rows.since(place, service.id, from)
    const first = recorded[0]
    if (first && first.at.getTime() - from.getTime() < LATE_MS) return { samples: recorded, assumed: [] }
    const now = signals.newest(place)?.services.find((each) => each.service.id === service.id)?.replicas.running
    const older = await readPastLoad(place, service, from, first?.at ?? to, Math.max(1, now ?? recorded.at(-1)?.replicas ?? 1))
    return { samples: [...older.samples, ...recorded], assumed: older.assumed }
  }

  return async (place, name, windowMs, otherwise) => {
    const policy = await policies.named(place, name)
    const rules = readWritten(writtenWith(await written(policy), otherwise), 'Nothing was simulated')
    const to = clock.now()
    const { samples, assumed } = await loadOf(place, policy, new Date(to.getTime() - windowMs), to)
    const last = samples.at(-1)
    if (!last || samples.length < LEAST_SAMPLES || !samples.some(({ replicas }) => replicas > 0)) throw tooLittle(policy, windowMs, samples)
    const made = await replay(rules, policy.service, samples)
    const told = { ...made, assumed: [...assumed, ...made.assumed] }
    return {
      ...{ policy, says: describeScaling(rules), replay: told },
      drawn: { panels: replayPanels(rules, told), from: samples[0]!.at, to: last.at },
    }
  }
}

function tooLittle({ service }: ScalePolicy, windowMs: number, { length }: readonly LoadSample[]): UserError {
  return new UserError(
    `Of the last ${sayDuration(windowMs)} there is too little load of ${service.name} on record (${length} of at least ${LEAST_SAMPLES} samples), so nothing was simulated. A sample is kept each minute from the moment that a policy is set.`,
  )
}
