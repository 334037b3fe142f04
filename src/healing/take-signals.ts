import type { Alerts, RuleList } from '#src/alerts/alerts.ts'
import type { Place } from '#src/kernel/call.ts'
import type { DeploymentRef, Directory } from '#src/kernel/directory.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Operations } from '#src/operations/operations.ts'
import type { Policies } from '#src/policies/policies.ts'
import type { Made, Round, Rounds } from '#src/policies/rounds.ts'
import type { EnvironmentSignals, ServiceSignals, Signals } from '#src/signals/signals.ts'
import { decideHealing } from './decide-healing.ts'
import { readCondition } from './heal-condition.ts'
import type { HealRules } from './heal-rules.ts'
import type { ConditionRead } from './heal-sight.ts'
import type { HealState } from './heal-state.ts'
import { comingStep } from './heal-words.ts'
import type { Healing, HealPolicy } from './healing.ts'
import type { createTellHealing } from './tell-healing.ts'

export interface TakeSignalsParts {
  readonly policies: Pick<Policies<HealRules>, 'list'>
  readonly rounds: Rounds<HealRules, HealState>
  readonly alerts: Pick<Alerts, 'list'>
  readonly signals: Pick<Signals, 'cadence'>
  readonly operations: Pick<Operations, 'open'>
  readonly directory: Pick<Directory, 'deployments'>
  readonly tell: ReturnType<typeof createTellHealing>
  readonly log: Log
}

/** What a round needs that is asked for before it: while it is under way it holds the policy, and waits for nobody outside. */
interface Known {
  readonly services: ReadonlyMap<string, ServiceSignals>
  readonly alerts: RuleList | undefined
  /** By service. */
  readonly histories: ReadonlyMap<string, readonly DeploymentRef[]>
}

const unseen: ConditionRead = { verdict: 'unread', sentence: '', forMs: 0, since: undefined }

/** See Healing.take. Environments take turns in a process; of several readings of one that wait only the newest counts. */
export function createTakeSignals(parts: TakeSignalsParts): Healing['take'] {
  const { policies, rounds, alerts, signals, operations, directory, tell, log } = parts
  const newest = new Map<string, EnvironmentSignals>()
  let turn = Promise.resolve()

  async function round(read: EnvironmentSignals): Promise<void> {
    if (newest.get(keyOf(read.place)) !== read) return
    newest.delete(keyOf(read.place))
    const known = await find(read)
    await rounds.make(read.place, read.at, async (asked, tx): Promise<Made<HealState>> => {
      const made = decideHealing(await sightOf(asked, read, known))
      const state = await tell({ policy: asked.policy, before: asked.state, made, past: asked.past, at: read.at }, tx)
      return { ...made, state }
    })
  }

  async function find({ place, services, at }: EnvironmentSignals): Promise<Known> {
    const live = (await policies.list(place)).filter(({ mode }) => mode !== 'off')
    const known = {
      services: new Map(services.map((each) => [each.service.id, each])),
      alerts: live.some(({ rules }) => rules.when.kind === 'alert') ? await alerts.list(place) : undefined,
    }
    const histories = new Map<string, readonly DeploymentRef[]>()
    for (const policy of live) {
      if (!(await goesBack(policy, known, at.getTime()))) continue
      const history = await directory.deployments(place, policy.service).catch((err: unknown) => {
        log.info({ err, policy: policy.name }, 'where a rollback goes is not known yet: healing waits')
      })
      if (history) histories.set(policy.service.id, history)
    }
    return { ...known, histories }
  }

  /** Whether a rollback may be next: only then its deployments are asked for. */
  async function goesBack(policy: HealPolicy, known: Omit<Known, 'histories'>, now: number): Promise<boolean> {
    const { rules, service } = policy
    const seen = known.services.get(service.id)
    if (!rules.steps.some((step) => step.do === 'rollback') || !seen) return false
    if (readCondition(rules.when, seen, known.alerts).verdict !== 'bad') return false
    const { episode } = (await rounds.state(policy)) ?? {}
    if (!episode) return rules.steps[0]!.do === 'rollback'
    if (episode.gaveUpAt !== undefined || now < (episode.dueAt ?? 0)) return false
    const made = episode.asked ? { ...episode, tried: episode.tried + 1 } : episode
    return comingStep(rules, made).step?.do === 'rollback'
  }

  async function sightOf({ policy, state, past, stop, readAt }: Round<HealRules, HealState>, read: EnvironmentSignals, known: Known) {
    const { place, at } = read
    const service = known.services.get(policy.service.id)
    const condition = service ? readCondition(policy.rules.when, service, known.alerts) : unseen
    // Read only now: what another policy began a moment ago is among them.
    const open = condition.verdict === 'bad' ? await operations.open(place) : []
    return {
      ...{ policy, state, past, stop, service, condition, now: at.getTime() },
      gapped: readAt !== undefined && at.getTime() - readAt.getTime() > gapMs(place),
      open: open.filter((each) => each.service === service?.service.name),
      history: known.histories.get(policy.service.id),
    }
  }

  /** After a longer time without a reading, what was only pending begins again. */
  function gapMs(place: Place): number {
    return 3 * (signals.cadence(place)?.everyMs ?? 60_000) + 10_000
  }

  return (read) => {
    if (read.stale) return Promise.resolve()
    newest.set(keyOf(read.place), read)
    const taken = turn.then(() => round(read))
    turn = taken.catch(() => undefined)
    return taken
  }
}

function keyOf({ guild, project, environment }: Place): string {
  return JSON.stringify([guild, project, environment])
}
