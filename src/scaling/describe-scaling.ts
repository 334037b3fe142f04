import type { Limit } from '#src/alerts/limit.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { andList, count } from '#src/kernel/say.ts'
import type { ScaleRules } from './scale-rules.ts'
import { saySchedules } from './schedule.ts'

/** `1 to 6 replicas (others by its schedules), for CPU of 70 % each and 20 requests a second each`. */
export function describeScaling(rules: ScaleRules): string {
  const { min, max, schedules } = rules
  const bounds = min === max ? count(min, 'replica') : `${min} to ${count(max, 'replica')}`
  return `${bounds}${schedules.length > 0 ? ' (others by its schedules)' : ''}, for ${andList(targetWords(rules))}`
}

function targetWords({ targets: { cpu, memory, requestRate, latency, queue } }: ScaleRules): readonly string[] {
  return [
    cpu && `CPU of ${limit(cpu, 'vCPU')} each`,
    memory && `memory of ${limit(memory, 'GB')} each`,
    requestRate && `${limit(requestRate, 'requests a second')} each`,
    latency && `a p95 of ${latency.value % 1_000 === 0 ? sayDuration(latency.value) : limit(latency, 'ms')}`,
    queue && `${exactly(queue.each)} waiting each in ${queue.key}${queue.group === undefined ? '' : ` (${queue.group})`}`,
  ].filter((each) => each !== undefined)
}

/** All of the rest of the rules, a line each: whoever confirms them reads them. */
export function ruleFacts(rules: ScaleRules) {
  const { up, down, tolerance, schedules, timeZone, consciousness, perHour, dollars } = rules
  const pace = ({ for: long, cooldown, step }: ScaleRules['up']) =>
    `at most ${step} at once, after ${sayDurationOrNone(long)}, ${sayDurationOrNone(cooldown)} after the act before`
  return [
    { label: 'Adds', value: pace(up) },
    { label: 'Takes away', value: pace(down) },
    { label: 'Tolerance', value: `${exactly(tolerance.value * 100)} % around a target nothing is done` },
    ...(schedules.length > 0 ? [{ label: `Schedules (${timeZone})`, value: saySchedules(schedules) }] : []),
    ...(schedules.length === 0 && timeZone !== 'UTC' ? [{ label: 'Time zone', value: `${timeZone}, of schedules: there is none` }] : []),
    ...(consciousness ? [{ label: 'Consciousness', value: consciousnessWords(consciousness) }] : []),
    { label: 'Budget', value: `${count(perHour, 'act')} an hour${dollars === undefined ? '' : `, ${money(dollars)} a month`}` },
  ]
}

/** What is confirmed is said as it holds, not rounded. */
function exactly(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 6 })
}

function limit({ value, share }: Limit, unit: string): string {
  return share ? `${exactly(value * 100)} %` : `${exactly(value)} ${unit}`
}

function money(dollars: number): string {
  return `$${dollars.toLocaleString('en', { minimumFractionDigits: Number.isInteger(dollars) ? 0 : 2, maximumFractionDigits: 6 })}`
}

function sayDurationOrNone(ms: number): string {
  return ms === 0 ? 'no time' : sayDuration(ms)
}

function consciousnessWords({ below, does, more }: NonNullable<ScaleRules['consciousness']>): string {
  if (does === 'hold') return `below ${exactly(below)}: nothing is done`
  return does === 'keep'
    ? `below ${exactly(below)}: no replica is taken away`
    : `below ${exactly(below)}: ${exactly(more.value * 100)} % more replicas than needed`
}
