import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import { count } from '#src/kernel/say.ts'
import { type LogHits, type LogRule, logKey, mostLines } from '../readings/log-hits.ts'
import { fitting } from '../service-rules.ts'
import type { Look } from './look.ts'

const linesShown = 6
/** What was read so long ago says nothing of now, in ms. */
const freshMs = 15 * 60_000

/** A look for each service whose log has such a line; undefined where the logs could not be read. */
export function looksOfLogs(
  rule: LogRule,
  logs: LogHits | undefined,
  services: readonly ServiceRef[] | undefined,
  now: number,
): readonly Look[] | undefined {
  if (!logs || !services || now - logs.at > freshMs) return undefined
  const key = logKey(rule)
  const fits = fitting(rule.services)
  const names = new Map(services.map(({ id, name }) => [id, name]))
  const own = Map.groupBy(
    logs.hits.filter((hit) => hit.rule === key),
    ({ service }) => service,
  )
  return [...own].flatMap(([id, hits]): readonly Look[] => {
    const name = names.get(id)
    if (name === undefined || !fits(name)) return []
    // Of what was read: while Railway is away nothing is forgotten.
    const counted = hits.filter(({ at }) => logs.at - at <= rule.within)
    const inTime = `in ${sayDuration(rule.within)}`
    return [
      {
        ...{ subject: id, of: name, verdict: counted.length >= rule.count ? 'bad' : 'well', group: id, service: { id, name } },
        title: `${name}: ${sayLines(rule)} ${inTime}`,
        reads: `${first(count(counted.length, 'such line'))}${counted.length >= rule.count ? ' or more' : ''} came ${inTime}.${logs.flooded ? ` More than ${mostLines.toLocaleString('en')} lines came at once: the newest were looked at.` : ''}`,
        lines: counted.slice(-linesShown).map(({ line }) => line),
      },
    ]
  })
}

/** `5 lines with “timeout”`. */
export function sayLines({ count: many, pattern, level }: Pick<LogRule, 'count' | 'pattern' | 'level'>): string {
  const what = level === undefined ? count(many, 'line') : count(many, `line of ${level}`, `lines of ${level}`)
  return pattern.startsWith('/') ? `${what} like ${pattern}` : `${what} with “${pattern}”`
}

function first(words: string): string {
  return `${words[0]!.toUpperCase()}${words.slice(1)}`
}
