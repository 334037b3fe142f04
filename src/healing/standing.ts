import type { Stop } from '#src/policies/policy.ts'
import type { ServiceSignals } from '#src/signals/signals.ts'
import type { HealState } from './heal-state.ts'
import { at, clock, comingStep, sayNext, sayStep } from './heal-words.ts'
import type { HealPolicy, HealStanding } from './healing.ts'

const waitsFor: Readonly<Record<string, string>> = {
  operation: 'waits for a change that is under way',
  rollout: 'waits for a deployment that rolls out',
  stop: 'stopped on this server',
  easing: 'waits, as it was well when it was read last',
  hour: 'waits, as it did what it may do in an hour',
}

/** What an incident's message says of healing, in a few words; undefined where it does nothing. */
export function healingFact({ rules, mode }: Pick<HealPolicy, 'rules' | 'mode'>, { episode }: HealState): string | undefined {
  if (!episode) return undefined
  const { last, dueAt, held, wellSince, againAt, gaveUpAt } = episode
  const only = mode === 'simulate' ? 'simulated: ' : ''
  if (wellSince !== undefined) return last === undefined ? undefined : `${only}${last}; well again at ${at(wellSince)}`
  if (gaveUpAt !== undefined) return `${only}gave up at ${at(gaveUpAt)}${againAt === undefined ? '' : `; ill again since ${at(againAt)}`}`
  const waits = held === undefined ? undefined : waitsFor[held.split(':', 1)[0]!]
  if (waits !== undefined) return `${only}${last === undefined ? '' : `${last}; `}${waits}`
  if (last === undefined || dueAt === undefined) return undefined
  if (againAt !== undefined) return `${only}${last}; ill again since ${at(againAt)}: ${sayNext(rules, episode)}`
  const made = episode.asked ? { ...episode, tried: episode.tried + 1 } : episode
  return `${only}${last}; if it is not well by ${clock(dueAt)}, ${sayNext(rules, made)}`
}

/** Where a policy stands, for people who ask. `service`: as it was read last; undefined where it was not among what was read. */
export function standingOf(
  policy: HealPolicy,
  state: HealState | undefined,
  { stop, service, isRead }: { readonly stop: Stop | undefined; readonly service: ServiceSignals | undefined; readonly isRead: boolean },
): Pick<HealStanding, 'sentence' | 'tone'> {
  if (policy.mode === 'off') return { sentence: 'It is off.', tone: 'neutral' }
  if (isRead && !service) return { sentence: `${policy.service.name} is not in ${policy.environment} any more.`, tone: 'warning' }
  const { episode, trouble } = state ?? {}
  if (episode?.gaveUpAt !== undefined && episode.wellSince === undefined)
    return { sentence: `It gave up at ${at(episode.gaveUpAt)}: people have to look.`, tone: 'bad' }
  if (stop) return { sentence: `Stopped by ${stop.byName} (“${stop.reason}”).`, tone: 'warning' }
  const simulates = policy.mode === 'simulate' ? 'Simulates. ' : ''
  const fact = healingFact({ ...policy, mode: 'act' }, state ?? {})
  if (episode && fact !== undefined)
    return { sentence: `${simulates}${capital(fact)}.`, tone: episode.wellSince === undefined ? 'warning' : 'good' }
  const { step } = comingStep(policy.rules, episode ?? { rung: 0, tried: 0 })
  if (trouble && trouble.phase !== 'over')
    return {
      sentence: `${simulates}It is so since ${at(trouble.since)}: ${step ? sayStep(step) : 'giving up'} comes next.`,
      tone: 'warning',
    }
  if (!isRead) return { sentence: `${simulates}Nothing was read yet.`, tone: 'neutral' }
  return { sentence: `${simulates}All is well.`, tone: 'good' }
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
