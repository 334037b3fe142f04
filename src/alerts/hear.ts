import type { Clock } from '#src/kernel/clock.ts'
import type { Signals } from '#src/signals/signals.ts'
import type { Alerts } from './alerts.ts'
import { noticeOf, withNotice } from './readings/notices.ts'
import type { ReadingRows } from './readings/readings.ts'
import { isOf } from './rule.ts'
import type { RuleRows } from './rule-rows.ts'
import { isFor } from './service-rules.ts'

export interface HearParts {
  readonly rows: Pick<RuleRows, 'all'>
  readonly readings: Pick<ReadingRows, 'change'>
  readonly signals: Pick<Signals, 'newest'>
  readonly clock: Clock
}

/** See Alerts.hear. */
export function createHear({ rows, readings, signals, clock }: HearParts): Alerts['hear'] {
  return async (place, told) => {
    const environment = signals.newest(place)?.environment
    // Of environments that nobody watches nothing is kept, and their ids are whatever a webhook says.
    if (environment === undefined) return
    const all = (await rows.all(place)).map(({ rule }) => rule).filter(isOf('webhook'))
    const rules = all.filter((rule) => isFor(rule, environment))
    if (rules.length === 0) return
    const now = clock.now().getTime()
    await readings.change(place, 'webhook', (before) => withNotice(before, noticeOf(told, now), rules, now))
  }
}
