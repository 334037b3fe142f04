import { vi } from 'vitest'
import redeploy from '#commands/redeploy.ts'
import restart from '#commands/restart.ts'
import rollback from '#commands/rollback.ts'
import scale from '#commands/scale.ts'
import { createAudit } from '#src/audit/audit.ts'
import { createPastCalls } from '#src/automation/past-calls.ts'
import type { Capabilities } from '#src/capabilities.ts'
import { createClaims } from '#src/claims/claims.ts'
import { createAsk } from '#src/doors/ask.ts'
import { auditGuard } from '#src/guards/audit-guard.ts'
import { claimGuard } from '#src/guards/claim-guard.ts'
import { grantGuard } from '#src/guards/grant-guard.ts'
import { permissionGuard } from '#src/guards/permission-guard.ts'
import { tolerateAbsence } from '#src/guards/without-store.ts'
import { healShape } from '#src/healing/heal-shape.ts'
import type { Actor, Call } from '#src/kernel/call.ts'
import type { Command } from '#src/kernel/command.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createDispatch } from '#src/kernel/dispatch.ts'
import { createPermissions } from '#src/permissions/permissions.ts'
import { createPolicies } from '#src/policies/create-policies.ts'
import { createRounds, type RoundsParts } from '#src/policies/create-rounds.ts'
import { createPolicyStops } from '#src/policies/create-stops.ts'
import { createWarrants } from '#src/policies/create-warrants.ts'
import { scaleShape } from '#src/scaling/scale-shape.ts'
import { stage as operationsStage } from '#test/operations/support/stage.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { doublePlace, environmentName } from '#test/support/railway-double.ts'

export const ada: Actor = { kind: 'member', id: '7', name: 'Ada' }
export const place = doublePlace

/** Policies over the product's whole path, on a real database, in an environment that asks for confirmations; the services are `web` and `api`. */
export async function policyStage() {
  const { store, railway, operations, perform, delivery, log, rowOf } = await operationsStage()
  const [web, api] = ['web', 'api'].map((name) => railway.add(name))
  const clock = handClock(new Date('2026-11-21T12:00:00Z'))
  const audit = createAudit({ store })
  const places = { isProduction: () => true }
  const directory = {
    environments: async () => [{ id: place.environment, name: environmentName }],
    services: async () => [web!, api!].map(({ id, name }) => ({ id, name })),
    deployments: async (_: unknown, { id }: { readonly id: string }) => railway.services.get(id)?.deployments ?? [],
  } as unknown as Directory
  const book = new Map<string, Command>(Object.entries({ restart, redeploy, rollback, scale }))
  const stops = createPolicyStops({ store, clock })
  const warrants = createWarrants({ store, shapes: { heal: healShape, scale: scaleShape }, stops })
  const tolerate = tolerateAbsence(store, log)
  const dispatch = createDispatch({
    book,
    capabilities: { operations } as Capabilities,
    directory,
    entry: [
      claimGuard(createClaims({ store }), tolerate),
      auditGuard(audit, log, tolerate),
      permissionGuard(createPermissions({ store }), warrants),
    ],
    action: [grantGuard({ confirmed: [warrants], places, audit })],
  })
  const past = createPastCalls({ store, audit, clock })
  const ask = vi.fn(createAsk({ dispatch, past, log }))
  const policies = createPolicies({ store, shape: healShape, directory, audit, clock })
  const call = (actor: Actor = ada): Call => ({ key: 'k', command: 'heal.set', raw: {}, actor, door: 'slash', place, channel: '5' })
  return {
    ...{
      store,
      railway,
      operations,
      perform,
      delivery,
      log,
      rowOf,
      clock,
      audit,
      directory,
      book,
      stops,
      warrants,
      dispatch,
      past,
      ask,
      policies,
      call,
    },
    ...{ web: web!, api: api! },
    /** What one process makes of a reading. */
    process: (given: Partial<Pick<RoundsParts<unknown, unknown>, 'ask'>> = {}) =>
      createRounds({ store, shape: healShape, stops, ask, answerTo: past.answerTo, clock, log, ...given }),
    /** A policy that restarts `api`. */
    set: (name = 'api-sick', rules: Readonly<Record<string, unknown>> = {}, mode: 'act' | 'simulate' | 'off' = 'act') =>
      policies.set(call(), {
        ...{ name, mode, service: { id: api!.id, name: 'api' } },
        rules: { when: { kind: 'health' }, steps: 'restart', ...rules },
      }),
    audited: async () => {
      const rows = await store.db.selectFrom('audit').select(['event', 'actor', 'command', 'outcome', 'cause']).orderBy('id').execute()
      return rows
    },
    operationsMade: () => store.db.selectFrom('operations').selectAll().orderBy('created_at').execute(),
    decisions: () => store.db.selectFrom('policy_decisions').selectAll().orderBy('at').execute(),
  }
}

/** Restarts `service`, as a decision. */
export const restarts = (service: string) => ({
  state: {},
  decision: { verdict: 'restart', sentence: 'api is down.', facts: [], act: { command: 'restart', arguments: { service } } },
})
