import type { Argument, Suggestion } from '../argument.ts'
import { UserError } from '../errors.ts'
import { asText } from './as-text.ts'

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const FORM = /^(\d{1,6})\s*(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?|d|days?)$/i

export interface DurationLimits {
  readonly minMs: number
  readonly maxMs: number
  /** Offered by autocomplete, such as `15m`. */
  readonly common: readonly string[]
}

/** A length of time such as `30s`, `15m`, `6h` or `7d`, in milliseconds. */
export function duration(describe: string, { minMs, maxMs, common }: DurationLimits): Argument<number> {
  return {
    describe,
    shape: { type: 'string', maxLength: 20 },
    said: 'duration',
    required: true,
    async read(raw) {
      const typed = asText(raw).trim()
      const ms = parseDuration(typed)
      if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms
      throw new UserError(
        `“${typed}” is not a length of time from ${minMs === 0 ? '0' : sayDuration(minMs)} to ${sayDuration(maxMs)}, such as ${common[0] ?? '15m'}. Nothing was done.`,
      )
    },
    suggest: async (typed) => common.filter((each) => each.startsWith(typed.trim())).map((value): Suggestion => ({ name: value, value })),
  }
}

/** Milliseconds, or undefined where the text is no length of time. */
export function parseDuration(typed: string): number | undefined {
  if (typed.trim() === '0') return 0
  const [, count, unit] = FORM.exec(typed.trim()) ?? []
  if (count === undefined || unit === undefined) return undefined
  return Number(count) * UNITS[unit[0]!.toLowerCase() as keyof typeof UNITS]
}

/** `under 1 ms`, `850 ms`, `4.2 s`, `3 min 5 s`, `2 h`, `7 d`. */
export function sayDuration(ms: number): string {
  if (ms < 1) return 'under 1 ms'
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 10_000 && ms % 1_000 !== 0) return `${(ms / 1_000).toFixed(1)} s`
  const parts: string[] = []
  let rest = Math.round(ms / 1_000)
  for (const [size, unit] of [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const) {
    if (rest >= size && parts.length < 2) parts.push(`${Math.floor(rest / size)} ${unit}`)
    rest %= size
  }
  return parts.join(' ')
}
