import type { Tone } from '#src/kernel/report.ts'

const tones: Readonly<Record<Exclude<Tone, 'neutral'>, readonly string[]>> = {
  good: ['healthy', 'ok', 'up', 'online', 'heard', 'recovered', 'operational', 'pass', 'passing', 'fine'],
  warning: ['degraded', 'warning', 'warn', 'deleted', 'disconnected', 'unstable', 'low'],
  bad: [
    ...['down', 'unhealthy', 'offline', 'silent', 'unreachable', 'lost', 'crashed', 'crash', 'critical', 'fatal'],
    ...['failed', 'failure', 'failing', 'error', 'errored', 'dead', 'rejected', 'timeout', 'expired', 'emergency'],
  ],
}
const toneOfWord = new Map(Object.entries(tones).flatMap(([tone, words]) => words.map((word) => [word, tone as Tone] as const)))

/** What a word says of whatever it is said of: `unhealthy` is bad, `recovered` good, most words neither. */
export function toneOf(word: string): Tone {
  return toneOfWord.get(word.toLowerCase()) ?? 'neutral'
}

/** Words are looked at where they are no longer. */
const LONGEST = 100

/** The last word of `task_failed`, `deploy.failed`, `dead-letter failed`. */
export function lastWord(name: string): string {
  const short = name.slice(-LONGEST)
  return short.slice(Math.max(...['_', '.', '-', ':', ' ', '/'].map((mark) => short.lastIndexOf(mark))) + 1)
}

/** A text or a number as text; undefined for everything else and for an empty one. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' ? String(value) : undefined
}

/** The first of these fields that is a text or a number. */
export function firstText(message: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = textOf(message[name])
    if (found !== undefined) return found
  }
  return undefined
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
