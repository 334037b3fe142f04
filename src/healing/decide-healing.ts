import { advance } from '#src/alerts/standing.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { count } from '#src/kernel/say.ts'
import { rolling } from '#src/operations/plans/common.ts'
import { type Decision, isSettled, type PastDecision, wasDone } from '#src/policies/decision.ts'
import { type Worked, workOut } from './heal-act.ts'
import type { HealStep } from './heal-rules.ts'
import { type HealDecided, type HealSight, verdicts } from './heal-sight.ts'
import type { Episode, HealState } from './heal-state.ts'
import { at, attemptNumber, attemptsOf, comingStep, sayAfter, sayNext, sayStep, saySteps, settleOf } from './heal-words.ts'

const HOUR = 3_600_000
/** What is refused for now is asked for again after so long, in ms, or after the policy's `wait` where that is longer. */
const AGAIN_MS = 60_000
/** What waits for longer than that waits for people, in ms. */
const LONG_HOLD_MS = 300_000
/** What cannot be read says nothing against it. */
const verdictOfWell: ReadonlySet<string> = new Set(['well', 'unread'])

type Ill = HealState & { readonly episode: Episode }

/**
 * Where a healing policy goes with one more reading: its new state, and at most one decision. It acts on what is bad at this very reading, never on
 * what comes up, is unknown or is being changed; never again before the last act had its time; never more often than the policy says in an hour or
 * in all. After the last attempt it gives up. Reads nothing and changes nothing.
 */
export function decideHealing(sight: HealSight): HealDecided {
  const { condition, now, gapped, service, state: before = {} } = sight
  if (!service) return gone(sight, before)
  const { forMs, easing } = condition
  // What is held to be ill goes on being so, whatever one reading says.
  const verdict = easing && before.trouble?.phase === 'pending' ? 'bad' : condition.verdict
  const trouble = advance(before.trouble, { verdict, now, forMs, gapped })
  if (!trouble || trouble.phase === 'over') return rests(sight, before, trouble !== undefined)
  const episode = before.episode && relapsed(before.episode, trouble.since)
  const state = { ...before, trouble, episode }
  return trouble.phase === 'pending' ? { state } : ill(sight, state, episode ?? begun(sight, trouble.since))
}

function relapsed({ wellSince, ...episode }: Episode, since: number): Episode {
  return wellSince === undefined ? episode : { ...episode, againAt: since }
}

function begun({ condition }: HealSight, since: number): Episode {
  return { began: Math.min(since, condition.since ?? since), rung: 0, tried: 0, asked: false, acts: 0 }
}

function gone({ policy: { service } }: HealSight, { episode }: HealState): HealDecided {
  if (!episode) return { state: {} }
  return { state: {}, decision: { verdict: verdicts.gone, sentence: `${service.name} is not there any more.`, facts: [] } }
}

/** It is well, or nothing is wrong with it yet. */
function rests(sight: HealSight, { episode, busyAt }: HealState, isOver: boolean): HealDecided {
  const { policy, now, condition } = sight
  if (!episode) return { state: {} }
  const { againAt: _, ...counted } = isUnderWay(sight) ? episode : becameOf(sight, episode).episode
  if (!isOver) {
    // What only comes up is not well yet, and what was ill for a moment is well only since then.
    const isWell = verdictOfWell.has(condition.verdict) && counted.wellSince !== undefined
    const wellSince = isWell ? counted.wellSince! : now
    const isSettledDown = isWell && now - wellSince >= settleOf(policy.rules) && !counted.asked
    return { state: isSettledDown ? {} : { busyAt, episode: { ...counted, wellSince } } }
  }
  const state = { busyAt, episode: { ...counted, wellSince: now, held: undefined } }
  const hasActed = counted.acts > 0 || counted.asked || counted.gaveUpAt !== undefined
  return hasActed ? { state, decision: wellAgain(sight, counted) } : { state: {} }
}

function wellAgain({ policy: { rules, service, mode }, condition }: HealSight, episode: Episode): Decision {
  const settle = sayDuration(settleOf(rules))
  const then =
    episode.gaveUpAt !== undefined
      ? `Once it has been well for ${settle}, the policy begins anew.`
      : `If it falls ill again within ${settle}, ${sayNext(rules, episode)}.`
  const after = mode === 'act' ? ` after ${count(episode.acts, 'act')} of healing` : ', without the policy, which only simulates'
  const sentence = `${service.name} is well again${after}. ${condition.sentence} ${then}`
  return { verdict: verdicts.well, sentence, facts: [] }
}

/** It has been wrong for long enough. */
function ill(sight: HealSight, state: HealState, before: Episode): HealDecided {
  const { policy, now, condition, service, stop, open } = sight
  const busy = (episode: Episode): HealState => ({ ...state, busyAt: now, episode })
  if (isUnderWay(sight)) return { state: busy(before) }
  const { episode, said } = becameOf(sight, before)
  if (said) return { state: { ...state, episode }, decision: said }
  if (condition.verdict !== 'bad') return eases(sight, { ...state, episode })
  if (episode.gaveUpAt !== undefined) {
    if (episode.againAt === undefined) return { state: { ...state, episode } }
    const again = `Within ${sayDuration(settleOf(policy.rules))} after it was well it is ill again, and all attempts are used up.`
    return { state: { ...state, episode: gaveUp(episode, now) }, decision: givenUp(sight, episode, again) }
  }
  const other = open[0]
  if (other) return held(busy(episode), `operation:${other.id}`, sayOpen(sight, other))
  const latest = service?.latest
  if (service?.condition === 'unknown') return { state: { ...state, episode } }
  if (service?.condition === 'deploying') return { state: busy(episode) }
  if (latest && rolling.has(latest.status))
    return held(busy(episode), `rollout:${latest.id}`, 'A deployment of it rolls out: healing waits for what becomes of it.')
  if (stop)
    return held(
      { ...state, episode },
      `stop:${stop.since.getTime()}`,
      `Healing is stopped on this server by ${stop.byName} (“${stop.reason}”), so nothing is done by itself.`,
    )
  return inTime(sight, { ...state, episode })
}

/** It is ill by what is held, and not by this reading: what is due waits for one that says so. */
function eases({ condition, now, policy: { rules } }: HealSight, state: Ill): HealDecided {
  const { gaveUpAt, dueAt = Number.POSITIVE_INFINITY, held: already, acts } = state.episode
  if (!condition.easing || gaveUpAt !== undefined || now < dueAt || already !== undefined) return { state }
  const sentence = `It is ill still, but was well when it was read last: nothing is done while it is. Ill once more, ${sayNext(rules, state.episode)}.`
  return held(state, `easing:${acts}`, sentence)
}

function gaveUp({ againAt: _, ...episode }: Episode, now: number): Episode {
  return { ...episode, gaveUpAt: now }
}

/** Nothing is in the way but time, and what there is to be done. */
function inTime(sight: HealSight, state: Ill): HealDecided {
  const { policy, now, past } = sight
  const { rules } = policy
  const { episode } = state
  const acts = past.filter((each) => (policy.mode === 'act' ? wasDone(each) : each.act !== undefined && each.mode === policy.mode))
  const lastAt = Math.max(acts[0]?.at.getTime() ?? 0, state.busyAt ?? 0)
  if (now < lastAt + rules.wait || now < (episode.notBefore ?? 0)) return { state }
  const { step, rung, tried } = comingStep(rules, episode)
  const coming = { ...episode, rung, tried }
  if (!step) {
    const why =
      episode.acts === 0
        ? `None of its steps (${saySteps(rules.steps)}) could be done.`
        : `All ${count(attemptsOf(rules), 'attempt')} (${saySteps(rules.steps)}) are used up.`
    return { state: { ...state, episode: gaveUp(coming, now) }, decision: givenUp(sight, episode, why) }
  }
  const recent = acts.filter((each) => each.at.getTime() > now - HOUR)
  const nextAt = (recent[rules.perHour - 1]?.at.getTime() ?? Number.NEGATIVE_INFINITY) + HOUR
  if (nextAt > now) return overBudget(sight, state, step, nextAt)
  return begin(sight, { ...state, episode: coming }, workOut(step, sight, episode))
}

/** Nothing more may be done for now. Where that is long, it is people's turn. */
function overBudget({ policy: { rules, mode, service }, now }: HealSight, state: Ill, step: HealStep, nextAt: number): HealDecided {
  const sentence = `The policy may do ${count(rules.perHour, 'act')} an hour, and did: ${sayStep(step)} comes at ${at(nextAt)} at the earliest.`
  const calls = mode === 'act' && !state.episode.called && nextAt - now > LONG_HOLD_MS
  const made = held(calls ? { ...state, episode: { ...state.episode, called: true } } : state, `hour:${nextAt}`, sentence)
  if (!calls || !made.decision) return made
  const called = `${sentence} Until then nothing is done, so people are called: ${service.name} is still ill, since ${at(state.episode.began)}.`
  return { ...made, decision: { ...made.decision, verdict: verdicts.called, sentence: called } }
}

function begin(sight: HealSight, state: HealState & { readonly episode: Episode }, worked: Worked): HealDecided {
  if (worked === 'later') return { state }
  const { policy, condition, now } = sight
  const { rules } = policy
  const { episode } = state
  const { step } = comingStep(rules, episode)
  if (!step) return { state }
  if ('skip' in worked) return { state: { ...state, episode: past(episode) }, decision: leftOut(sight, episode, worked.skip) }
  const number = `attempt ${attemptNumber(rules, episode)} of ${attemptsOf(rules)}`
  const done = { ...episode, tried: episode.tried + 1 }
  const what = policy.mode === 'act' ? `${worked.words}: ${number}.` : `Only simulated, and not done: ${worked.words} (${number}).`
  const sentence = `${condition.sentence} It has been so since ${at(episode.began)}. ${what} ${sayAfter(rules, done)}`
  const facts = [
    { label: 'Attempt', value: number.slice('attempt '.length) },
    { label: 'Ill since', value: at(episode.began) },
  ]
  const { held: _, notBefore: __, againAt: ___, ...rest } = episode
  const asked = { ...rest, asked: true, last: `${number}: ${sayStep(step)}`, dueAt: now + rules.wait }
  return { state: { ...state, episode: asked }, decision: { verdict: step.do, sentence, facts, act: worked.act } }
}

/** The step cannot be: the next one comes. */
function past({ notBefore: _, ...episode }: Episode): Episode {
  return { ...episode, asked: false, rung: episode.rung + 1, tried: 0 }
}

function leftOut({ policy: { rules } }: HealSight, episode: Episode, why: string): Decision {
  const { step } = comingStep(rules, episode)
  const sentence = `${capital(step ? sayStep(step) : 'It')} is left out: ${why}. So ${sayNext(rules, past(episode))}.`
  return { verdict: verdicts.skipped, sentence, facts: [] }
}

function givenUp({ policy: { service, mode, rules }, condition }: HealSight, { began }: Episode, why: string): Decision {
  const gives = mode === 'act' ? 'Healing gives up, and people are called' : 'Here healing would give up, and people would be called'
  const sentence = `${gives}: ${service.name} is still ill, since ${at(began)}. ${condition.sentence} ${why}`
  const facts = [{ label: 'Attempts', value: saySteps(rules.steps) }]
  return { verdict: mode === 'act' ? verdicts.gaveUp : verdicts.wouldGiveUp, sentence, facts }
}

/** Said once for each thing that it waits for. */
function held(state: HealState & { readonly episode?: Episode | undefined }, why: string, sentence: string): HealDecided {
  const { episode } = state
  if (!episode || episode.held === why) return { state }
  return { state: { ...state, episode: { ...episode, held: why } }, decision: { verdict: verdicts.held, sentence, facts: [] } }
}

function sayOpen({ policy: { service } }: HealSight, { kind, by, status }: HealSight['open'][number]): string {
  if (status === 'unknown') return `Healing waits: how the ${kind} of ${service.name} by ${by} ended is not known, and an admin has to say.`
  return `Healing waits: a ${kind} of ${service.name} by ${by} is under way. It counts as no attempt.`
}

function lastAct({ past }: HealSight): PastDecision | undefined {
  return past.find(({ act }) => act !== undefined)
}

function isUnderWay(sight: HealSight): boolean {
  const last = lastAct(sight)
  return last !== undefined && !isSettled(last)
}

/** Counts what became of the act that was decided last, once. */
function becameOf(sight: HealSight, episode: Episode): { readonly episode: Episode; readonly said?: Decision } {
  const last = lastAct(sight)
  if (!episode.asked || !last) return { episode }
  const { rules } = sight.policy
  if (last.mode !== 'act' || wasDone(last))
    return { episode: { ...episode, asked: false, tried: episode.tried + 1, acts: episode.acts + 1 } }
  const { status, sentence: why = '', forNow } = last.answer ?? {}
  if (status === 'refused' && !forNow) return { episode: past(episode), said: leftOut(sight, episode, trimmed(why)) }
  const pause = Math.max(rules.wait, AGAIN_MS)
  const { step } = comingStep(rules, episode)
  const sentence = `${capital(step ? sayStep(step) : 'It')} could not be begun: ${trimmed(why)}. It counts as no attempt, and is tried again in ${sayDuration(pause)}.`
  const waiting = { ...episode, asked: false, notBefore: last.at.getTime() + pause }
  return { episode: waiting, said: { verdict: verdicts.held, sentence, facts: [] } }
}

/** What Helix answers a person ends so; nobody asked here. */
function trimmed(sentence: string): string {
  return sentence.trim().replace(/[.\s]+$/, '')
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
