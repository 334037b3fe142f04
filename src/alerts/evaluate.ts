import type { EnvironmentSignals } from '#src/signals/signals.ts'
import type { Judge } from './service-rules.ts'
import { advance, type FiredTrouble, type Moving, type Standing, type Step } from './standing.ts'

export interface Round {
  readonly before: readonly Standing[]
  /** Names of all rules that hold in this environment, of whatever kind. */
  readonly rules: ReadonlySet<string>
  readonly gapped: boolean
}

/** The subject of what somebody had made to see that alerts arrive. */
export const testSubject = 'test'
/** How long a test stands that nobody resolves, in ms. */
export const testMs = 15 * 60_000

/**
 * What one reading of an environment makes of the rules that hold in it and are about services: what is pending, firing or over after it. Of 500 services and ten
 * rules it takes milliseconds: nothing is made for what is well and was well.
 */
export function evaluateServices(judges: readonly Judge[], signals: EnvironmentSignals, round: Round): readonly Standing[] {
  const { services, environment } = signals
  const now = signals.at.getTime()
  const waiting = new Map(round.before.map((each) => [keyOf(each.rule, each.subject), each]))
  const after: Standing[] = []
  for (const judge of judges) {
    const { name, for: forMs } = judge.rule
    for (const service of services) {
      if (!judge.fits(service.service.name)) continue
      const verdict = judge.verdict(service)
      if (verdict !== 'bad' && waiting.size === 0) continue
      const key = keyOf(name, service.service.id)
      const before = waiting.get(key)
      if (verdict !== 'bad' && !before) continue
      waiting.delete(key)
      const fired = () => ({ ...troubleOf(judge, environment), title: judge.title(service), ...aboutService(service.service) })
      const told = { fired, reads: () => judge.reads(service) }
      const next = stepped({ rule: name, subject: service.service.id }, before, { verdict, now, forMs, gapped: round.gapped }, told)
      if (next) after.push(next)
    }
  }
  const own = new Set(judges.map(({ rule }) => rule.name))
  return [...after, ...left([...waiting.values()], own, round.rules, now)]
}

interface Told {
  fired(): Omit<FiredTrouble, 'sentence'>
  /** What is read now, in one sentence. */
  reads(): string
}

/** One reading further. What has to be told is written when the phase turns, and stays as it was then. */
export function stepped(
  of: Pick<Standing, 'rule' | 'subject'>,
  before: Standing | undefined,
  step: Step,
  told: Told,
): Standing | undefined {
  const next = advance(before, step)
  if (!next) return undefined
  const { rule, subject } = of
  const stands = { rule, subject, ...next }
  if (next.phase === 'pending') return stands
  if (next.phase === before?.phase) return moved(before, next)
  if (next.phase === 'over') return { ...stands, ...(before?.trouble && { trouble: before.trouble }), untold: true, end: told.reads() }
  return { ...stands, untold: true, trouble: { ...told.fired(), sentence: told.reads() } }
}

function moved({ easedAt: _, unreadAt: __, ...before }: Standing, next: Moving): Standing {
  return { ...before, ...next }
}

/**
 * What nothing was read for: it is over where its rule holds no more, or (of a rule among `asked`) where what it was about is gone; the rest
 * is for other rounds.
 */
export function left(
  standings: readonly Standing[],
  asked: ReadonlySet<string>,
  rules: ReadonlySet<string>,
  now: number,
): readonly Standing[] {
  return standings.flatMap((each): readonly Standing[] => {
    if (each.phase === 'over') return [each]
    if (each.subject === testSubject) {
      return [now - each.since < testMs ? each : { ...each, phase: 'over', untold: true, end: 'The test is over: nobody resolved it.' }]
    }
    const isGone = asked.has(each.rule)
    if (!isGone && rules.has(each.rule)) return [each]
    if (each.phase === 'pending') return []
    const end = isGone
      ? 'What it was about is no longer there, or the rule is no longer about it.'
      : 'The rule was removed or disabled, or is no longer for this environment.'
    return [{ ...each, phase: 'over', untold: true, end }]
  })
}

function keyOf(rule: string, subject: string): string {
  return `${rule} ${subject}`
}

function troubleOf({ rule }: Judge, environment: string) {
  return { severity: rule.severity, environment }
}

function aboutService(service: { readonly id: string; readonly name: string }) {
  return { group: service.id, service: { id: service.id, name: service.name } }
}
