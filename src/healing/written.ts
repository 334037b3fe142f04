import { UserError } from '#src/kernel/errors.ts'

/** What a service may be held to be ill by. */
const health = { down: ['down'], degraded: ['degraded'], sick: ['down', 'degraded'] } as const
/** Health is confirmed before it is told: it need not last long. */
const HEALTH_FOR = '30s'

/** The options of `/heal set`, as people give them; `none` takes away what is there. */
export interface HealOptions {
  readonly when?: string | undefined
  readonly alert?: string | undefined
  readonly above?: string | undefined
  readonly below?: string | undefined
  readonly recover?: string | undefined
  readonly for?: string | undefined
  readonly steps?: string | undefined
  readonly wait?: string | undefined
  readonly settle?: string | undefined
  readonly perHour?: number | undefined
  readonly dollars?: string | undefined
}

type Written = Readonly<Record<string, unknown>>

/** What was written before, with what is given now in its place. Throws UserError for options that do not go together. */
export function writtenWith(before: unknown, options: HealOptions): Written {
  const old = isWritten(before) ? before : {}
  const { steps, wait, settle, perHour, dollars } = options
  const given = { steps, wait, settle, perHour, dollars: dollars === undefined ? undefined : asNumber(dollars) }
  return { ...merged(old, given), when: conditionOf(isWritten(old.when) ? old.when : undefined, options) }
}

function conditionOf(before: Written | undefined, options: HealOptions): Written {
  const { when, alert, above, below, recover, for: lasts } = options
  const figures = { above, below, recover }
  const kind = when === undefined ? (alert === undefined ? (before?.kind ?? 'health') : 'alert') : when in health ? 'health' : when
  const isFigure = kind !== 'alert' && kind !== 'health'
  const old = before?.kind === kind ? before : {}
  if (alert !== undefined && kind !== 'alert') throw new UserError('Name an alert rule, or what is wrong: not both. Nothing was set.')
  if (!isFigure && Object.values(figures).some((each) => each !== undefined)) {
    throw new UserError('“above”, “below” and “recover” are for figures such as cpu or latency. Nothing was set.')
  }
  if (kind === 'alert') {
    const rule = alert ?? old.rule
    if (rule === undefined) throw new UserError('Name the alert rule as “alert”, so nothing was set.')
    if (lasts !== undefined) throw new UserError('An alert rule says itself how long it has to be so: leave “for” out. Nothing was set.')
    return { kind, rule }
  }
  if (isFigure) return { ...merged(withoutOther(old, options), { ...figures, for: lasts }), kind }
  const is = when === undefined ? (old.is ?? health.sick) : health[when as keyof typeof health]
  return { for: HEALTH_FOR, ...merged(old, { for: lasts }), kind, is }
}

/** A figure is wrong above something, or below: the one that is given now takes the other's place, and what was about the other goes with it. */
function withoutOther(old: Written, { above, below }: HealOptions): Written {
  const { above: oldAbove, below: oldBelow, recover, ...rest } = old
  const turns = (above !== undefined && oldBelow !== undefined) || (below !== undefined && oldAbove !== undefined)
  return turns ? rest : old
}

function merged(old: Written, given: Written): Written {
  const next = { ...old, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
  return Object.fromEntries(Object.entries(next).filter(([, value]) => !isNone(value)))
}

function isNone(value: unknown): boolean {
  return typeof value === 'string' && ['none', 'off', '-'].includes(value.trim().toLowerCase())
}

/** What is no number stays as it is: the rules say what is wrong with it. */
function asNumber(typed: string): string | number {
  const plain = typed.trim().replace(/^\$/, '').replace(',', '.')
  return /^\d{1,10}(\.\d{1,6})?$/.test(plain) ? Number(plain) : typed
}

function isWritten(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
