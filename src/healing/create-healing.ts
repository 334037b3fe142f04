import type { Alerts } from '#src/alerts/alerts.ts'
import { ruleFault } from '#src/automation/rule-faults.ts'
import type { Incidents } from '#src/incidents/incidents.ts'
import { didYouMean } from '#src/kernel/arguments/nearest.ts'
import { actorName, type Call, type Place } from '#src/kernel/call.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { PolicyStops, PolicyWritten, WrittenPolicies } from '#src/policies/policies.ts'
import type { Signals } from '#src/signals/signals.ts'
import { describePolicy } from './describe-policy.ts'
import { type HealRules, type HealStep, healRules } from './heal-rules.ts'
import { saySteps } from './heal-words.ts'
import type { Healing, HealPolicy, HealStanding } from './healing.ts'
import { standingOf } from './standing.ts'
import { createTakeSignals, type TakeSignalsParts } from './take-signals.ts'
import { createTellHealing, fingerprintOf, labelOf, type TellHealingParts } from './tell-healing.ts'
import { writtenWith } from './written.ts'

export interface HealingParts
  extends Omit<TakeSignalsParts, 'tell' | 'policies' | 'directory' | 'signals'>,
    Pick<TellHealingParts, 'delivery'> {
  /** As they are kept. */
  readonly policies: WrittenPolicies<HealRules>
  readonly stops: Pick<PolicyStops, 'stopped'>
  readonly alerts: Pick<Alerts, 'list'>
  readonly incidents: Pick<Incidents, 'openOf' | 'note' | 'remark' | 'report' | 'over' | 'summon'>
  readonly signals: Pick<Signals, 'cadence' | 'newest'>
  readonly directory: Directory
  readonly book: CommandBook
}

const mostPast = 10

export function createHealing(parts: HealingParts): Healing {
  const { policies, rounds, stops, alerts, incidents, signals, directory, book } = parts

  /** Whatever would be refused at each attempt is refused now. */
  async function check(call: Call, rules: HealRules): Promise<void> {
    if (rules.when.kind === 'alert') await checkAlert(call.place, rules.when.rule)
    for (const step of rules.steps) if (step.do === 'run') await checkCommand(call, step)
  }

  async function checkAlert(place: Place, name: string): Promise<void> {
    const names = (await alerts.list(place)).rules.map(({ rule }) => rule.name)
    if (names.includes(name)) return
    throw new UserError(`There is no alert rule “${name}”, so nothing was set. ${didYouMean(name, names, '/alerts list shows them all.')}`)
  }

  async function checkCommand({ place }: Call, step: Extract<HealStep, { do: 'run' }>): Promise<void> {
    const fault = ruleFault(step, book)
    if (fault !== undefined) throw new UserError(`${fault} Nothing was set.`)
    const reading = { command: step.command, place, directory, book, raw: step.arguments }
    for (const [name, argument] of Object.entries(book.get(step.command)!.arguments)) await argument.read(step.arguments[name], reading)
  }

  /** What it gave up on is over: it begins anew, or not at all. */
  async function anew(policy: HealPolicy, call: Call, what: string): Promise<void> {
    const { place, service, name } = policy
    const sentence = `${actorName(call.actor)} ${what} the healing policy ${name}.`
    const open = await incidents.openOf(place, service.id)
    await incidents.over(place, fingerprintOf(policy), sentence)
    if (!open) return
    await incidents.note(open.id, sentence)
    await incidents.remark(open.id, { label: labelOf(policy), value: `${what} by ${actorName(call.actor)}` })
  }

  async function standing(policy: HealPolicy): Promise<HealStanding> {
    const { place, service } = policy
    const newest = signals.newest(place)
    const [state, past, stop] = await Promise.all([rounds.state(policy), rounds.past(place, policy, mostPast), stops.stopped(place.guild)])
    const seen = newest?.services.find((each) => each.service.id === service.id)
    return {
      policy,
      past,
      steps: saySteps(policy.rules.steps),
      ...standingOf(policy, state, { stop, service: seen, isRead: newest !== undefined }),
    }
  }

  async function set(call: Call, written: PolicyWritten): Promise<HealPolicy> {
    const read = healRules.safeParse(written.rules)
    if (read.success) await check(call, read.data)
    const policy = await policies.set(call, written)
    await anew(policy, call, 'set')
    return policy
  }

  return {
    ...policies,
    set,
    async change(call, { name, service, mode, options }) {
      const before = (await policies.list(call.place)).find((each) => each.name === name)
      if (before && before.service.id !== service.id) {
        const whose = `The policy “${name}” is of ${before.service.name}, so nothing was set.`
        throw new UserError(`${whose} Choose another name for ${service.name}’s, or remove that one first.`)
      }
      const rules = writtenWith(before && (await policies.written(before)), options)
      return { policy: await set(call, { name, service, mode: mode ?? before?.mode ?? 'act', rules }), isNew: before === undefined }
    },
    async switch(call, name, mode) {
      const policy = await policies.switch(call, name, mode)
      await anew(policy, call, mode === 'off' ? 'switched off' : mode === 'act' ? 'switched on' : 'made a simulation of')
      return policy
    },
    async remove(call, name) {
      const policy = await policies.remove(call, name)
      await anew(policy, call, 'removed')
      return policy
    },
    take: createTakeSignals({ ...parts, tell: createTellHealing(parts) }),
    describe: describePolicy,
    async standings(place) {
      return Promise.all((await policies.list(place)).map(standing))
    },
    standing: async (place, name) => standing(await policies.named(place, name)),
  }
}
