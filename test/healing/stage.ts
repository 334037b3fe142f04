import type { RuleList } from '#src/alerts/alerts.ts'
import { createHealing } from '#src/healing/create-healing.ts'
import type { HealState } from '#src/healing/heal-state.ts'
import { createIncidents } from '#src/incidents/create-incidents.ts'
import { createAlertRoutes } from '#src/incidents/routes.ts'
import type { Rounds } from '#src/policies/rounds.ts'
import type { EnvironmentSignals, ServiceSignals } from '#src/signals/signals.ts'
import { service, signalsOf } from '#test/consciousness/signals-of.ts'
import { place, policyStage } from '#test/policies/stage.ts'

/** Healing in two processes, over the whole path and a Railway that is a double; what it reads is what a test says. */
export async function healingStage() {
  const stage = await policyStage()
  const { store, delivery, clock, log, directory, operations, stops, book, api } = stage
  const names = async () => ({
    channel: (typed: string) => typed,
    role: (typed: string) => ({ id: typed.replace('@', ''), name: typed, mentionable: true }),
    channelName: (id: string) => id,
    hasChannel: () => true,
    roleName: (id: string) => id,
  })
  const routes = createAlertRoutes({ store, names, clock })
  const incidents = createIncidents({
    ...{ store, delivery, routes, directory, clock, log },
    logs: { read: async () => Promise.reject(new Error('there are none here')) },
  })
  let newest: EnvironmentSignals | undefined
  let alerts: RuleList = { rules: [], file: { path: 'alerts.yaml', rules: undefined, fault: undefined } }
  const process = (ask = stage.ask) =>
    createHealing({
      ...{ policies: stage.policies, rounds: stage.process({ ask }) as Rounds<never, HealState>, stops, incidents, delivery, operations },
      ...{ directory, book, log, signals: { newest: () => newest, cadence: () => ({ everyMs: 5_000, slowed: false }) } },
      alerts: { list: async () => alerts },
    })
  const read = (given: Partial<ServiceSignals> = {}, more: Partial<EnvironmentSignals> = {}) => {
    const { serving, latest } = { serving: api.deployments[0], latest: api.deployments[0] }
    const seen = service('api', { service: { id: api.id, name: 'api' }, serving, latest, since: clock.now(), ...given })
    newest = signalsOf([seen], { place, environment: 'staging', at: clock.now(), ...more })
    return newest
  }
  return {
    ...stage,
    ...{ incidents, routes, process, read },
    fires(list: RuleList['rules']) {
      alerts = { ...alerts, rules: list }
    },
    down: (more: Partial<ServiceSignals> = {}) => read({ condition: 'down', reason: 'No replica runs.', ...more }),
    well: () => read(),
    /** As events/health-turned.ts does. */
    openIncident: () =>
      incidents.report({
        ...{ place, environment: 'staging', fingerprint: `health:${api.id}`, group: api.id, service: { id: api.id, name: 'api' } },
        ...{ severity: 'warning', title: 'api is down', sentence: 'No replica runs.', since: clock.now() },
      }),
    async timeline() {
      const rows = await store.db.selectFrom('incident_timeline').select('sentence').orderBy('id').execute()
      return rows.map(({ sentence }) => sentence)
    },
    /** What stands in Discord of that subject. */
    shown: (subject: string) => delivery.newest(subject),
    /** Messages in channels, with what they say now; no notes. */
    async messages() {
      const rows = await store.db
        .selectFrom('messages')
        .innerJoin('living', 'living.subject', 'messages.subject')
        .select(['channel', 'report', 'paced', 'messages.subject'])
        .where('thread_of', 'is', null)
        .orderBy('seq')
        .execute()
      return rows.map(({ channel, report, paced }) => ({ channel, paced, title: report.title, sentence: report.sentence, report }))
    },
    /** What is under way comes to its end. */
    async perform() {
      for (const { id, status } of await stage.operationsMade()) if (status === 'queued') await stage.perform(id)
    },
  }
}

export const seconds = (many: number) => many * 1_000
