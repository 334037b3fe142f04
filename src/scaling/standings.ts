import type { Clock } from '#src/kernel/clock.ts'
import type { Policies, PolicyStops } from '#src/policies/policies.ts'
import type { Stop } from '#src/policies/policy.ts'
import type { Rounds } from '#src/policies/rounds.ts'
import { describeScaling, ruleFacts } from './describe-scaling.ts'
import { pastActs } from './past-acts.ts'
import type { ScaleRules } from './scale-rules.ts'
import type { ScaleState } from './scale-state.ts'
import type { ScalePolicy, ScaleStanding, Scaling } from './scaling.ts'

export interface StandingsParts {
  readonly policies: Pick<Policies<ScaleRules>, 'list' | 'named'>
  readonly rounds: Pick<Rounds<ScaleRules, ScaleState>, 'past' | 'state'>
  readonly stops: Pick<PolicyStops, 'stopped'>
  readonly clock: Clock
}

const MOST_PAST = 50

/** See Scaling. */
export function createStandings({ policies, rounds, stops, clock }: StandingsParts): Pick<Scaling, 'standings' | 'standing'> {
  async function standingOf(policy: ScalePolicy, stop: Stop | undefined): Promise<ScaleStanding> {
    const [past, state] = await Promise.all([rounds.past(policy.place, policy, MOST_PAST), rounds.state(policy)])
    const { up, down } = policy.rules
    const now = clock.now()
    const { last } = pastActs(past, policy, now)
    const ends = (cooldown: number) => {
      const end = last && new Date(last.getTime() + cooldown)
      return end && end > now ? end : undefined
    }
    return {
      ...{ policy, says: describeScaling(policy.rules), rules: ruleFacts(policy.rules), past },
      told: state?.told,
      ...words(policy, state, stop),
      rests: { up: ends(up.cooldown), down: ends(down.cooldown) },
    }
  }

  return {
    async standings(place) {
      const [all, stop] = await Promise.all([policies.list(place), stops.stopped(place.guild)])
      return Promise.all(all.map((policy) => standingOf(policy, stop)))
    },
    async standing(place, name) {
      const [policy, stop] = await Promise.all([policies.named(place, name), stops.stopped(place.guild)])
      return standingOf(policy, stop)
    },
  }
}

function words({ mode }: ScalePolicy, state: ScaleState | undefined, stop: Stop | undefined): Pick<ScaleStanding, 'sentence' | 'tone'> {
  if (mode === 'off') return { sentence: 'It is off: nothing is decided, and the load is recorded all the same.', tone: 'neutral' }
  const halted = stop ? ` Healing and scaling are stopped (${stop.byName}: ${stop.reason}).` : ''
  if (!state)
    return {
      sentence: `It has decided nothing yet: that comes with the next reading of health.${halted}`,
      tone: stop ? 'warning' : 'neutral',
    }
  const { sentence, tone } = state.told
  const own = mode === 'simulate' ? `${sentence} It only simulates.` : sentence
  return stop && !sentence.includes('are stopped') ? { sentence: `${own}${halted}`, tone: 'warning' } : { sentence: own, tone }
}
