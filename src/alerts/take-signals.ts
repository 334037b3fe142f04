import type { EnvironmentSignals, Signals } from '#src/signals/signals.ts'
import type { Alerts } from './alerts.ts'
import { evaluateServices } from './evaluate.ts'
import type { Rounds } from './rounds.ts'
import { isOfServices } from './rule.ts'
import type { RuleRows } from './rule-rows.ts'
import { isFor, judgeOf } from './service-rules.ts'

export interface TakeSignalsParts {
  readonly rows: Pick<RuleRows, 'all'>
  readonly rounds: Pick<Rounds, 'make'>
  readonly signals: Pick<Signals, 'cadence'>
}

/** See Alerts.take. */
export function createTakeSignals({ rows, rounds, signals }: TakeSignalsParts): Alerts['take'] {
  return async (read) => {
    if (read.stale) return
    const rules = (await rows.all(read.place)).map(({ rule }) => rule).filter((rule) => isFor(rule, read.environment))
    const judges = rules.filter(isOfServices).map(judgeOf)
    const names = new Set(rules.map(({ name }) => name))
    await rounds.make(read.place, ({ readAt, standings }) => {
      // Another process has decided from a newer one by now.
      if (readAt && readAt >= read.at) return undefined
      const gapped = readAt !== undefined && read.at.getTime() - readAt.getTime() > gapMs(read)
      return { readAt: read.at, standings: evaluateServices(judges, read, { before: standings, rules: names, gapped }) }
    })
  }

  /** After a longer time without a reading, what was only pending begins again. */
  function gapMs({ place }: EnvironmentSignals): number {
    return 3 * (signals.cadence(place)?.everyMs ?? 60_000) + 10_000
  }
}
