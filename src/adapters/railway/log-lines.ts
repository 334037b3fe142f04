import { stripVTControlCharacters } from 'node:util'
import type { ResultOf } from 'gql.tada'
import type { deployLogsQuery } from './documents/logs.ts'
import type { LogLine } from './railway.ts'

export type LogFields = ResultOf<typeof deployLogsQuery>['deploymentLogs'][number]

/** A log line as Railway tells it, in Helix's terms, without the colours of a terminal. */
export function logLine({ timestamp, severity, message, tags }: LogFields): LogLine {
  return {
    at: new Date(timestamp),
    severity: severity ?? 'info',
    message: stripVTControlCharacters(message),
    instanceId: tags?.deploymentInstanceId ?? undefined,
  }
}

/** How far back a stream may repeat itself after a reconnect, and how late a line may come. */
export const overlapMs = 30_000

/** Lets each line through once: Railway repeats lines on every reconnect. Lines are told apart by time (nanoseconds), replica and text. */
export interface LogSieve {
  /** The lines that are new, oldest first. */
  pass(lines: readonly LogFields[]): readonly LogLine[]
  /** From where on to ask again. */
  anchor(): Date
}

export function createLogSieve(since: Date): LogSieve {
  const seen = new Map<string, number>()
  const start = since.getTime()
  let newest = start
  const isNew = (fields: LogFields) => {
    const at = Date.parse(fields.timestamp)
    const key = `${fields.timestamp} ${fields.tags?.deploymentInstanceId} ${fields.message}`
    if (Number.isNaN(at) || at <= start || at < newest - overlapMs || seen.has(key)) return false
    seen.set(key, at)
    return true
  }
  return {
    pass: (lines) => {
      const fresh = lines.filter(isNew).map(logLine)
      for (const { at } of fresh) newest = Math.max(newest, at.getTime())
      for (const [key, at] of seen) if (at < newest - overlapMs) seen.delete(key)
      return fresh.sort((a, b) => a.at.getTime() - b.at.getTime())
    },
    anchor: () => new Date(Math.max(start, newest - overlapMs)),
  }
}
