import { withoutSecrets } from '#src/audit/audit.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { count, moment } from '#src/kernel/say.ts'
import type { HealRules, HealStep } from './heal-rules.ts'
import type { Episode } from './heal-state.ts'

/** `restart`, `scale by 2 up to 6 replicas`, `/agents command`: what comes next, as a noun. */
export function sayStep(step: HealStep): string {
  if (step.do === 'scale') return `scale by ${step.by} up to ${count(step.most, 'replica')}`
  return step.do === 'run' ? `/${step.command.replaceAll('.', ' ')}` : step.do
}

/** The same with everything that it does: `/agents command agent=kael command="flush all"`, secrets masked by their names. */
export function sayInFull(step: HealStep): string {
  if (step.do !== 'run') return sayStep(step)
  const given = Object.entries(withoutSecrets(step.arguments)).map(([name, value]) => ` ${name}=${quoted(String(value))}`)
  return `${sayStep(step)}${given.join('')}`
}

function quoted(text: string): string {
  return /^[^\s",]+$/.test(text) ? text : JSON.stringify(text)
}

/** `restart twice, redeploy, rollback`. */
export function saySteps(steps: readonly HealStep[]): string {
  return steps.map((step) => `${sayInFull(step)}${times(step.attempts)}`).join(', ')
}

function times(many: number): string {
  return many === 1 ? '' : many === 2 ? ' twice' : ` ${many} times`
}

/** How many attempts there are in all. */
export function attemptsOf({ steps }: Pick<HealRules, 'steps'>): number {
  return steps.reduce((sum, { attempts }) => sum + attempts, 0)
}

/** Which of all attempts comes, or came last where it was `asked`: counts up over the steps, left out ones included. */
export function attemptNumber({ steps }: Pick<HealRules, 'steps'>, { rung, tried }: Pick<Episode, 'rung' | 'tried'>): number {
  return steps.slice(0, rung).reduce((sum, { attempts }) => sum + attempts, 0) + tried + 1
}

/** What helps for less than that, in ms, did not help. */
const LEAST_SETTLE_MS = 600_000

/** How long it has to be well, without a break, before the first step counts again. */
export function settleOf({ settle }: Pick<HealRules, 'settle'>): number {
  return Math.max(settle, LEAST_SETTLE_MS)
}

/** The step that comes; undefined after the last. */
export function comingStep({ steps }: Pick<HealRules, 'steps'>, { rung, tried }: Pick<Episode, 'rung' | 'tried'>) {
  const isUsedUp = tried >= (steps[rung]?.attempts ?? 0)
  return isUsedUp ? { step: steps[rung + 1], rung: rung + 1, tried: 0 } : { step: steps[rung], rung, tried }
}

/** What comes after so many attempts at a step, as a sentence's end: `redeploy comes next`. */
export function sayNext(rules: Pick<HealRules, 'steps'>, episode: Pick<Episode, 'rung' | 'tried'>): string {
  const { step } = comingStep(rules, episode)
  return step ? `${sayStep(step)} comes next` : 'people are called'
}

/** `21 Nov 06:12 UTC`. */
export function at(ms: number): string {
  return `${moment(new Date(ms))} UTC`
}

/** `06:12:30 UTC`: what is soon. */
export function clock(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)} UTC`
}

/** `If it is not well 2 min after that, redeploy comes next.` */
export function sayAfter(rules: HealRules, episode: Pick<Episode, 'rung' | 'tried'>): string {
  return `If it is not well ${sayDuration(rules.wait)} after that, ${sayNext(rules, episode)}.`
}
