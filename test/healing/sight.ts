import type { Verdict } from '#src/alerts/standing.ts'
import { healRules, type WrittenHealRules } from '#src/healing/heal-rules.ts'
import type { HealSight } from '#src/healing/heal-sight.ts'
import type { HealPolicy } from '#src/healing/healing.ts'
import type { DeploymentRef } from '#src/kernel/directory.ts'
import type { PastDecision } from '#src/policies/decision.ts'
import type { PolicyMode } from '#src/policies/policy.ts'
import { service } from '#test/consciousness/signals-of.ts'

export const start = Date.parse('2026-11-21T12:00:00Z')
export const minutes = (many: number) => many * 60_000
export const place = { guild: '1', project: 'p', environment: 'e' }

export function policyOf(rules: Partial<WrittenHealRules> = {}, mode: PolicyMode = 'act'): HealPolicy {
  const written = { when: { kind: 'health' }, steps: 'restart, redeploy, rollback', ...rules } as WrittenHealRules
  return {
    ...{ id: 'p1', kind: 'heal', name: 'api-sick', place, environment: 'production', mode, digest: 'd' },
    service: { id: 'id-api', name: 'api' },
    rules: healRules.parse(written),
    ...{ by: 'member:7', byName: 'Ada', at: new Date(start), channel: '5' },
  }
}

export const deployment = (id: string, at: number, given: Partial<DeploymentRef> = {}): DeploymentRef => ({
  ...{ id, createdAt: new Date(at), commit: id.repeat(7).slice(0, 7), message: undefined, image: undefined },
  ...{ status: 'SUCCESS', canRollback: true, canRedeploy: true },
  ...given,
})

/** A service that is down, and nothing in the way. */
export function sightOf(given: Partial<HealSight> & { readonly verdict?: Verdict } = {}): HealSight {
  const { verdict = 'bad', ...rest } = given
  return {
    ...{ policy: policyOf(), state: undefined, past: [], stop: undefined, now: start, gapped: false, open: [], history: undefined },
    service: service('api', { condition: verdict === 'bad' ? 'down' : 'healthy' }),
    condition: { verdict, sentence: verdict === 'bad' ? 'api is down. No replica runs.' : 'api is healthy.', forMs: 0, since: start },
    ...rest,
  }
}

export function decided(at: number, given: Partial<PastDecision> = {}): PastDecision {
  return {
    ...{
      id: `d${at}`,
      policy: 'p1',
      kind: 'heal',
      name: 'api-sick',
      service: { id: 'id-api', name: 'api' },
      at: new Date(at),
      mode: 'act',
    },
    ...{ verdict: 'restart', sentence: 'x', facts: [], act: { command: 'restart', arguments: { service: 'id-api' } } },
    ...{ answer: { status: 'started', sentence: 'x', operation: 'o' }, outcome: 'succeeded' },
    ...given,
  }
}
