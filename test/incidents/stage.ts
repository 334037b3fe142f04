import { sql } from 'kysely'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import { createIncidents } from '#src/incidents/create-incidents.ts'
import type { ReadGuildNames } from '#src/incidents/guild-names.ts'
import type { Incidents, Trouble } from '#src/incidents/incidents.ts'
import { type AlertRoutes, createAlertRoutes } from '#src/incidents/routes.ts'
import type { Actor } from '#src/kernel/call.ts'
import type { DeploymentRef } from '#src/kernel/directory.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { LogRead } from '#src/logs/logs.ts'
import { type DiscordDouble, discordDouble } from '#test/delivery/discord-double.ts'
import { type HandClock, handClock } from '#test/playground/discord/hand-clock.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

export const place = { guild: '1', project: 'p', environment: 'e' }
export const api = { id: 's-api', name: 'api' }
export const ada: Actor = { kind: 'member', id: '7', name: 'Ada' }
export const omar: Actor = { kind: 'member', id: '8', name: 'Omar' }

/** One process of Helix, as far as incidents go. */
export interface Helix {
  readonly store: Store
  readonly delivery: Delivery
  readonly incidents: Incidents
  readonly routes: AlertRoutes
}

export interface IncidentStage {
  readonly clock: HandClock
  readonly discord: DiscordDouble
  /** Two processes over one database. */
  readonly one: Helix
  readonly other: Helix
  deployments: readonly DeploymentRef[]
  lines: LogRead['lines']
  /** What a reading of the log waits for. */
  reading: (() => Promise<void>) | undefined
  trouble(more?: Partial<Trouble>): Trouble
  /** What the outbox is to say in Discord, oldest first: messages as `channel: sentence` with `@role` before, notes as `note: …`. */
  posted(): Promise<readonly string[]>
  /** Discord has taken all of it. */
  delivered(): Promise<void>
  close(): Promise<void>
}

const known: Readonly<Record<string, string>> = { alerts: '31', ops: '32', leads: '33', oncall: '71', admins: '72' }

/** Names of channels and roles, without a Discord. */
const names: ReadGuildNames = async () => {
  const idOf = (typed: string) => {
    const id = known[typed.replace(/^[#@]/, '')]
    if (id === undefined) throw new UserError(`There is no “${typed}”.`)
    return id
  }
  const nameOf = (id: string) => Object.entries(known).find((entry) => entry[1] === id)?.[0] ?? id
  return {
    channel: idOf,
    role: (typed) => ({ id: idOf(typed), name: nameOf(idOf(typed)), mentionable: true }),
    channelName: nameOf,
    hasChannel: () => true,
    roleName: nameOf,
  }
}

export async function openStage(): Promise<IncidentStage> {
  const database = await createTestDatabase()
  const clock = handClock(new Date('2026-11-21T12:00:00Z'))
  const discord = discordDouble()
  const log = quietLog()
  const helix = (): Helix => {
    const store = createStore({ url: database.url, poolSize: 12, log })
    const render = async ({ sentence }: { readonly sentence: string }) => ({ content: sentence, embeds: [], components: [] })
    const delivery = createDelivery({ store, messages: discord, render, clock, log })
    const routes = createAlertRoutes({ store, names, clock })
    const incidents = createIncidents({
      ...{ store, delivery, routes, clock, log },
      directory: { deployments: async () => stage.deployments },
      logs: {
        // As Railway does: of a window the newest.
        async read(_place, { since, until, lines: most }) {
          const within = ({ at }: { readonly at: Date }) => (!since || at >= since) && (!until || at <= until)
          const lines = stage.lines.filter(within).slice(-most)
          await stage.reading?.()
          return { deployment: stage.deployments[0]!, lines }
        },
      },
    })
    return { store, delivery, incidents, routes }
  }
  const [one, other] = [helix(), helix()]
  const stage: IncidentStage = {
    clock,
    discord,
    one,
    other,
    deployments: [],
    lines: [],
    reading: undefined,
    trouble: (more = {}) => ({
      ...{ place, environment: 'production', fingerprint: 'health:s-api', group: api.id, service: api },
      ...{ severity: 'critical', title: 'api is down', sentence: 'It does not answer.', since: clock.now() },
      ...more,
    }),
    async posted() {
      const rows = await one.store.db
        .selectFrom('messages')
        .innerJoin('living', 'living.subject', 'messages.subject')
        .select(['channel', 'mentions', 'thread_of', 'report'])
        .orderBy('seq')
        .execute()
      return rows.map(({ channel, mentions, thread_of, report }) => {
        const called = mentions.map((role) => `@${role} `).join('')
        return `${thread_of === null ? channel || 'system' : 'note'}: ${called}${report.sentence}`
      })
    },
    async delivered() {
      await one.store.db.updateTable('messages').set({ message: sql<string>`'m' || seq` }).where('message', 'is', null).execute()
    },
    async close() {
      for (const { incidents, delivery, store } of [one, other]) {
        await incidents.stop()
        await delivery.stop()
        await store.close()
      }
      await database.drop()
    },
  }
  return stage
}
