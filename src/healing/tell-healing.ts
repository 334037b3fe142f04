import { randomUUID } from 'node:crypto'
import type { Transaction } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Incidents } from '#src/incidents/incidents.ts'
import type { Report, Tone } from '#src/kernel/report.ts'
import { moment } from '#src/kernel/say.ts'
import type { Decision, PastDecision } from '#src/policies/decision.ts'
import { type HealDecided, verdicts } from './heal-sight.ts'
import type { Episode, HealState } from './heal-state.ts'
import { saySteps } from './heal-words.ts'
import type { HealPolicy } from './healing.ts'
import { healingFact } from './standing.ts'

export interface TellHealingParts {
  readonly incidents: Pick<Incidents, 'openOf' | 'note' | 'remark' | 'report' | 'over' | 'summon'>
  readonly delivery: Pick<Delivery, 'post' | 'revise'>
}

export interface ToTell {
  readonly policy: HealPolicy
  readonly before: HealState | undefined
  readonly made: HealDecided
  readonly past: readonly PastDecision[]
  readonly at: Date
}

const endings: ReadonlySet<string> = new Set([verdicts.well, verdicts.gone])
const tones: Readonly<Record<string, Tone>> = { [verdicts.gaveUp]: 'bad', [verdicts.well]: 'good', [verdicts.gone]: 'neutral' }
/** Of decisions before, in a message of its own. */
const MOST_SHOWN = 8

/** What makes it the same trouble again: the policy gave up. */
export function fingerprintOf({ id }: Pick<HealPolicy, 'id'>): string {
  return `heal:${id}`
}

/** The fact in an incident that says what this policy does. */
export function labelOf({ name }: Pick<HealPolicy, 'name'>): string {
  return `Healing (${name})`
}

/**
 * Tells what healing decided, where people look: in the open incident of the service, else in one message for each illness in the channel where the
 * policy was set. Once, however often the same decision is told. Answers the state with where it is told.
 */
export function createTellHealing({ incidents, delivery }: TellHealingParts) {
  async function inIncident(told: ToTell, decision: Decision | undefined, episode: Episode | undefined): Promise<string | undefined> {
    const { policy, made } = told
    if (decision?.verdict === verdicts.gaveUp) return giveUp(told, decision, made.state.episode!)
    const isEnding = decision !== undefined && endings.has(decision.verdict)
    if (isEnding && episode?.gaveUpAt !== undefined) await incidents.over(policy.place, fingerprintOf(policy), decision.sentence)
    const id = (await incidents.openOf(policy.place, policy.service.id))?.id ?? (isEnding ? episode?.incident : undefined)
    if (id === undefined || !decision) return id
    const once = onceOf(policy, decision, made.state.episode ?? episode)
    await (decision.verdict === verdicts.called ? incidents.summon : incidents.note)(id, decision.sentence, once)
    return id
  }

  async function giveUp({ policy, before, at }: ToTell, decision: Decision, episode: Episode): Promise<string> {
    // What led to it is what led to the illness; giving up once more is a trouble of its own.
    const since = before?.episode?.gaveUpAt === undefined ? new Date(episode.began) : at
    const { incident } = await incidents.report({
      ...{ place: policy.place, environment: policy.environment, service: policy.service, group: policy.service.id, since },
      ...{ fingerprint: fingerprintOf(policy), severity: 'critical', title: `Healing of ${policy.service.name} gave up` },
      sentence: `${episode.acts === 0 ? 'No step of the policy' : 'All steps of the policy'} ${policy.name} ${episode.acts === 0 ? 'could be done' : 'are used up'}: ${saySteps(policy.rules.steps)}.`,
    })
    await incidents.summon(incident.id, decision.sentence, onceOf(policy, decision, episode))
    return incident.id
  }

  async function inChannel(
    { policy, past, at }: ToTell,
    decision: Decision,
    episode: Episode | undefined,
    tx: Transaction,
  ): Promise<string> {
    const subject = episode?.message ?? randomUUID()
    await delivery.revise(tx, subject, messageOf(policy, decision, past, episode, at), policy.place)
    if (episode?.message === undefined) await delivery.post(tx, { subject, place: policy.place, channel: policy.channel, paced: true })
    return subject
  }

  return async (told: ToTell, tx: Transaction): Promise<HealState> => {
    const { policy, before, made } = told
    const { state, decision } = made
    // What has ended is told where it began.
    const episode = state.episode ?? before?.episode
    const fact = healingFact(policy, state)
    const isNews = fact !== undefined && fact !== healingFact(policy, before ?? {})
    if (!decision && !isNews) return state
    const incident = await inIncident(told, decision, episode)
    const shownIn = incident ?? episode?.incident
    if (shownIn !== undefined && isNews) await incidents.remark(shownIn, { label: labelOf(policy), value: fact })
    const isInChannel = decision && (incident === undefined || episode?.message !== undefined)
    const message = isInChannel ? await inChannel(told, decision, episode, tx) : undefined
    if (!state.episode) return state
    return {
      ...state,
      episode: { ...state.episode, ...(incident !== undefined && { incident }), ...(message !== undefined && { message }) },
    }
  }
}

/** The same decision, told again because it could not be kept, has the same. */
function onceOf({ id }: HealPolicy, { verdict }: Decision, episode: Episode | undefined): string {
  const { began, rung, tried, acts, held = '', gaveUpAt = '' } = episode ?? {}
  return ['heal', id, began, rung, tried, acts, verdict, held, gaveUpAt].join(':')
}

function messageOf(
  { service, name, environment }: HealPolicy,
  { verdict, sentence }: Decision,
  past: readonly PastDecision[],
  episode: Episode | undefined,
  at: Date,
): Report {
  const before = past.filter((each) => episode && each.at.getTime() >= episode.began).slice(0, MOST_SHOWN)
  const rows = [{ at, verdict, sentence }, ...before].toReversed().map((each) => [`${moment(each.at)} UTC`, each.verdict, each.sentence])
  return {
    title: `Healing of ${service.name} in ${environment}`,
    tone: tones[verdict] ?? 'warning',
    sentence,
    facts: [{ label: 'Policy', value: name }],
    ...(rows.length > 1 && { table: { head: ['Time', 'Decision', 'Why'], rows, keep: 'last' } }),
    actions: [{ label: 'The policy', command: 'heal.show', arguments: { policy: name, environment } }],
  }
}
