import type { LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import settle from '#commands/operation/settle.ts'
import restart from '#commands/restart.ts'
import scale from '#commands/scale.ts'
import { createAudit } from '#src/audit/audit.ts'
import { type CallAnswer, callsPath } from '#src/automation/call-wire.ts'
import { createAutomation } from '#src/automation/create-automation.ts'
import { createPastCalls } from '#src/automation/past-calls.ts'
import { createBotHttp } from '#src/bot-http.ts'
import type { Capabilities } from '#src/capabilities.ts'
import { createClaims } from '#src/claims/claims.ts'
import { createAsk } from '#src/doors/ask.ts'
import { createAutomationDoor } from '#src/doors/automation.ts'
import { auditGuard } from '#src/guards/audit-guard.ts'
import { claimGuard } from '#src/guards/claim-guard.ts'
import { confirmGuard } from '#src/guards/confirm-guard.ts'
import { consentGuard } from '#src/guards/consent.ts'
import { grantGuard } from '#src/guards/grant-guard.ts'
import { permissionGuard } from '#src/guards/permission-guard.ts'
import { tolerateAbsence } from '#src/guards/without-store.ts'
import type { Call } from '#src/kernel/call.ts'
import type { Command, Role } from '#src/kernel/command.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createDispatch } from '#src/kernel/dispatch.ts'
import { createPermissions } from '#src/permissions/permissions.ts'
import { webhookSecret } from '#src/webhooks/secret.ts'
import { stage as operationsStage } from '#test/operations/support/stage.ts'
import { doublePlace, environmentName } from '#test/support/railway-double.ts'
import { serviceBase, tokenFor, tokensOf } from '#test/support/service.ts'

export type AutomationStage = Awaited<ReturnType<typeof automationStage>>

/** The bot's HTTP app with the product's whole path behind it, on a real database; two services, `web` and `api`, in one environment. */
export async function automationStage() {
  const { store, railway, operations, perform, log, queued, rowOf } = await operationsStage()
  const services = ['web', 'api'].map((name) => railway.add(name))
  const audit = createAudit({ store })
  const claims = createClaims({ store })
  const permissions = createPermissions({ store })
  let aheadMs = 0
  const clock = { now: () => new Date(Date.now() + aheadMs), sleep: async () => {} }
  let production = false
  const places = { of: (guild: string) => (guild === '1' ? doublePlace : undefined), guilds: () => ['1'], isProduction: () => production }
  const directory: Directory = {
    environments: async () => [{ id: doublePlace.environment, name: environmentName }],
    services: async () => services.map(({ id, name }) => ({ id, name })),
    deployments: async () => [],
    commits: async () => [],
    agents: async () => [],
    incidents: async () => [],
    alertRules: async () => [],
    policies: async () => [],
    rules: async () => [],
  }
  const enable = { ...settle, role: 'admin', doors: ['slash'] } as const
  const book = new Map<string, Command>([
    ['operation.settle', settle as Command],
    ['restart', restart],
    ['rule.enable', enable as Command],
    ['scale', scale],
  ])
  const automation = createAutomation({ store, book, directory, audit, clock })
  const tolerate = tolerateAbsence(store, log)
  const dispatch = createDispatch({
    book,
    capabilities: { operations } as Capabilities,
    directory,
    entry: [claimGuard(claims, tolerate), auditGuard(audit, log, tolerate), permissionGuard(permissions)],
    action: [
      consentGuard({
        person: confirmGuard(places, { asked: async () => {} }),
        automation: grantGuard({ confirmed: [automation], places, audit }),
        speaker: async () => {
          throw new Error('nobody speaks here')
        },
      }),
    ],
  })
  const past = createPastCalls({ store, audit, clock })
  const door = createAutomationDoor({ book, places, automation, past, ask: createAsk({ dispatch, past, log }) })
  const app = createBotHttp({
    base: serviceBase('bot'),
    components: {},
    door,
    webhook: { secret: webhookSecret('unused', undefined), take: () => {} },
    watching: { watched: () => [], signals: { newest: () => undefined, cadence: () => undefined } },
  })
  const byAdmin: Call = {
    key: 'discord:1',
    command: 'rule.enable',
    raw: {},
    actor: { kind: 'member', id: '7', name: 'Ada' },
    door: 'slash',
    place: doublePlace,
  }

  async function post(body: object, token?: string): Promise<LightMyRequestResponse> {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    return app.http.inject({ method: 'POST', url: callsPath, payload: body, headers: authorization })
  }

  return {
    ...{ store, railway, log, queued, rowOf, claims, permissions, automation, byAdmin, perform, door },
    show: operations.show,
    /** From now on the only environment is one whose changes need a confirmation. */
    asProduction() {
      production = true
    },
    later(ms: number) {
      aheadMs += ms
    },
    permit: (role: Role | undefined, service = 'zapier-integration') =>
      role === undefined
        ? store.db.deleteFrom('role_grants').execute()
        : store.db
            .insertInto('role_grants')
            .values({ guild: '1', role_id: `token:${service}`, role })
            .onConflict((conflict) => conflict.columns(['guild', 'project', 'environment', 'role_id']).doUpdateSet({ role }))
            .execute(),
    /** As a service does, over HTTP; without a token where it is left out. */
    post: async (body: object, token: string | null = '', service = 'zapier-integration') =>
      post(body, token === null ? undefined : token || (await tokensOf(service).forService('bot'))),
    async call(body: object, service = 'zapier-integration'): Promise<CallAnswer> {
      const response = await post(body, await tokensOf(service).forService('bot'))
      if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${response.body}`)
      return response.json()
    },
    userToken: tokenFor,
    auditOf: (key: string) =>
      store.db.selectFrom('audit').selectAll().where('call', '=', `automation:zapier-integration:${key}`).orderBy('id').execute(),
    /** As if the process had ended before it wrote down what came of its calls. */
    async forgetOutcomes() {
      await sql`ALTER TABLE audit RENAME TO audit_kept`.execute(store.db)
      await sql`CREATE TABLE audit AS SELECT * FROM audit_kept WHERE event = 'received'`.execute(store.db)
    },
  }
}
