import incidentEvent from '#events/railway-webhook-incident.ts'
import lookEvent from '#events/railway-webhook-look.ts'
import type { Capabilities } from '#src/capabilities.ts'
import { createClaims } from '#src/claims/claims.ts'
import { createEmit } from '#src/kernel/emit.ts'
import type { Event } from '#src/kernel/event.ts'
import { railwayWebhookRoute } from '#src/railway-webhook-route.ts'
import { createServiceApp } from '#src/service/service-app.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import { webhookSecret } from '#src/webhooks/secret.ts'
import { createWebhooks } from '#src/webhooks/webhooks.ts'
import { type Helix, openStage, place } from '#test/incidents/stage.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { serviceBase } from '#test/support/service.ts'

export const secret = webhookSecret('a key of thirty-two characters, or more', undefined)

export type WebhookStage = Awaited<ReturnType<typeof webhookStage>>

/** Two processes of Helix behind one address, on one database, with real incidents. */
export async function webhookStage() {
  const incidents = await openStage()
  const { clock } = incidents
  /** Environments that were looked at, and types whose events were carried out, by either process. */
  const looked: string[] = []
  const done: string[] = []
  const signals = {
    newest: ({ environment }: { readonly environment: string }) =>
      environment === 'e' ? ({ environment: 'production', services: [] } as unknown as EnvironmentSignals) : undefined,
    cadence: () => undefined,
    lookNow: async ({ environment }: { readonly environment: string }) => void looked.push(environment),
  }
  const guilds = ['1']
  const places = {
    guilds: () => guilds,
    of: (guild: string) => ({ ...place, guild }),
    isProduction: ({ name }: { name: string }) => name === 'production',
  }

  function replica({ store, incidents: opened }: Helix) {
    const log = quietLog()
    const base = serviceBase('bot', { clock })
    const capabilities = {
      ...{ incidents: opened, places, signals, clock, log, environments: { invalidate: () => {} } },
      get webhooks() {
        return parts.webhooks
      },
    } as unknown as Capabilities
    const emit = createEmit([lookEvent as Event, incidentEvent as Event], capabilities, log)
    const parts = createWebhooks({
      ...{ store, claims: createClaims({ store }), places, signals, secret, domain: 'helix.example', answersHttp: true, clock, log },
      async emit(name, payload) {
        const ok = await emit(name, payload)
        done.push((payload as { said: string }).said)
        return ok
      },
    })
    const app = createServiceApp({ ...base, name: 'helix', description: 'The bot', components: {} })
    railwayWebhookRoute(app.http, { secret, take: parts.take, clock })
    return { ...parts, app, log, base }
  }

  const replicas = [replica(incidents.one), replica(incidents.other)] as const
  let sent = 0
  return {
    ...{ incidents, clock, looked, done, guilds, replicas },
    /** To one process or the other, in turns; answers the status. */
    async post(body: unknown, { path = `/webhooks/railway/${secret.value}`, headers = {} } = {}): Promise<number> {
      sent += 1
      const payload = typeof body === 'string' ? body : JSON.stringify(body)
      const url = path
      const { app } = replicas[sent % 2]!
      return (await app.http.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } }))
        .statusCode
    },
    /** Resolves when all that was taken has been carried out, or was known. */
    async settled(): Promise<void> {
      for (const { idle } of replicas) await idle()
    },
    async shown(): Promise<readonly string[]> {
      const all = await incidents.one.incidents.list(place, {})
      return all.map(({ title, severity, environment }) => `${severity}: ${title} (${environment})`)
    },
    async close() {
      for (const { app, stop } of replicas) {
        await app.stop(1_000)
        await stop()
      }
      await incidents.close()
    },
  }
}
