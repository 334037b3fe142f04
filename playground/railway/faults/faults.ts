import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Fault } from '#playground/emulator.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Platform } from '../api/api.ts'
import type { Sockets } from '../api/socket.ts'
import type { Replica } from '../machine/replica.ts'
import { colleague } from '../seed.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import type { ServiceInstance } from '../world/model.ts'
import { findInstance } from './find-instance.ts'
import { createMoneyAndDomainFaults } from './money-and-domains.ts'
import { type Upsets, upsetKinds } from './upsets.ts'
import { createWebhookFaults } from './webhook-faults.ts'

/** Where Railway begins to tell of a volume, unless its settings say otherwise. */
const VOLUME_ALERT_PERCENT = 80

const place = { service: z.string(), environment: z.string().default('production') }

/** What can be broken from the page and from tests. */
export function createFaults({
  platform,
  upsets,
  sockets,
  webhooks,
  fields,
}: {
  readonly platform: Platform
  readonly upsets: Upsets
  readonly sockets: Sockets
  readonly webhooks: Webhooks
  /** Root fields of the API's queries and mutations. */
  readonly fields: readonly string[]
}) {
  return {
    ...createWebhookFaults({ platform, webhooks }),
    ...createMoneyAndDomainFaults(platform),
    'fail-next': fault({
      describe: 'The next requests of one operation go wrong: refused, spoiled, never answered, or carried out and then not answered.',
      schema: z.object({
        operation: z.string().default('*'),
        kind: z.enum(upsetKinds),
        times: z.int().min(1).max(1_000).default(1),
        retryAfterSeconds: z.int().min(0).default(1),
      }),
      inject: async ({ times, ...upset }) => {
        refuseUnknown(upset.operation, fields, upsets.asked())
        upsets.add(upset, times)
        return { waiting: times }
      },
    }),
    'kill-service': fault({
      describe: 'Kill the processes of a service (SIGKILL), one replica or all of them. Its restart policy starts them again.',
      schema: z.object({
        ...place,
        replica: z.int().min(0).optional(),
        forGood: z
          .boolean()
          .default(false)
          .describe('what is started again ends at once, until Railway gives it up; a restart or a deployment brings it back'),
      }),
      inject: async ({ service, environment, replica, forGood }) => {
        const replicas = replicasOf(platform, findInstance(platform, service, environment))
        const hit = replicas.filter((_, index) => replica === undefined || replica === index)
        return { killed: hit.flatMap((one) => one.kill(forGood) ?? []) }
      },
    }),
    'fill-volume': fault({
      describe:
        'Railway says that a service’s volume is so full. Where it has none, it is given one of 5 GB from now on. From 80 % on a webhook tells of it.',
      schema: z.object({ ...place, percent: z.number().min(0).max(100) }),
      inject: async ({ service, environment, percent }) => {
        const instance = findInstance(platform, service, environment)
        const volume = instance.volume ?? {
          id: randomUUID(),
          name: `${service}-volume`,
          mountPath: '/data',
          sizeMB: 5_000,
          currentSizeMB: 0,
        }
        instance.volume = { ...volume, currentSizeMB: (volume.sizeMB * percent) / 100 }
        platform.world.changed()
        const isFull = percent >= VOLUME_ALERT_PERCENT
        const wasFull = volume.currentSizeMB >= (volume.sizeMB * VOLUME_ALERT_PERCENT) / 100
        if (isFull !== wasFull) webhooks.send(isFull ? 'VolumeAlert.triggered' : 'VolumeAlert.resolved', instance)
        return { usedMB: instance.volume.currentSizeMB, ofMB: volume.sizeMB }
      },
    }),
    'cut-subscriptions': fault({
      describe: 'Cut every subscription to Railway.',
      schema: z.object({}),
      inject: async () => ({ cut: sockets.cut() }),
    }),
    freeze: fault({
      describe: 'Railway answers nothing until the faults are cleared.',
      schema: z.object({}),
      inject: async () => {
        upsets.freeze()
        return { frozen: true }
      },
    }),
    'deploy-in-dashboard': fault({
      describe: 'Somebody else deploys a service from the dashboard.',
      schema: z.object({ ...place, commit: z.string().optional() }),
      inject: async ({ service, environment, commit: sha }) => {
        const instance = findInstance(platform, service, environment)
        const { commits } = platform.world.service(instance.serviceId)!
        const commit = sha === undefined ? (commits[0] ?? null) : commits.find((one) => one.sha.startsWith(sha))
        if (commit === undefined) throw new UserError(`${service} has no commit ${sha}.`)
        const { id } = platform.deployer.deploy({ instance, creator: colleague, commit, reason: 'deploy', skipBuild: false })
        return { deployment: id }
      },
    }),
    clear: fault({
      describe: 'Let Railway be well again: no waiting faults, no freeze, webhooks as they should be.',
      schema: z.object({}),
      inject: async () => {
        upsets.clear()
        webhooks.trouble(undefined)
        return { cleared: true }
      },
    }),
  } as const satisfies Readonly<Record<string, Fault>>
}

/** One that nobody will ever ask would wait for ever. */
function refuseUnknown(operation: string, fields: readonly string[], asked: readonly string[]): void {
  if (operation === '*' || fields.includes(operation) || asked.includes(operation)) return
  const names = [...new Set([...fields, ...asked])].sort()
  throw new UserError(
    `Railway is asked for nothing by the name “${operation}”. It is * (whatever comes next) or one of: ${names.join(', ')}.`,
  )
}

/** Ties a fault's schema to what it is given, and forgets the tie. */
function fault<Body>(one: Fault<Body>): Fault {
  return one as Fault
}

function replicasOf({ world, fleets }: Platform, { serviceId, environmentId }: ServiceInstance): readonly Replica[] {
  const live = world.live(serviceId, environmentId)
  return (live && fleets.of(live.id)?.replicas) ?? []
}
