import { z } from 'zod'
import type { Fault } from '#playground/emulator.ts'
import type { Platform } from '../api/api.ts'
import { webhookTypes } from '../webhooks/payload.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import { findInstance } from './find-instance.ts'

/** Webhooks that Railway sends for what the playground does not do by itself, and webhooks that do not come as one would wish. */
export function createWebhookFaults({ platform, webhooks }: { readonly platform: Platform; readonly webhooks: Webhooks }) {
  const send = z.object({ service: z.string(), environment: z.string().default('production'), type: z.enum(webhookTypes) })
  const trouble = z.object({
    duplicates: z.int().min(0).max(5).default(0).describe('each comes so many times more'),
    outOfOrder: z.boolean().default(false),
    delaySeconds: z.number().min(0).max(600).default(0),
    oddSpelling: z.boolean().default(false).describe('oomKilled, OomKilled, OOM_KILLED …'),
    lostPercent: z.number().min(0).max(100).default(0),
  })
  return {
    'send-webhook': {
      describe: 'Railway sends a webhook about a service: killed for its memory, a volume that fills up, a monitor, an approval.',
      schema: send,
      async inject({ service, environment, type }: z.output<typeof send>) {
        const instance = findInstance(platform, service, environment)
        const { world } = platform
        const isOfDeployment = type.startsWith('Deployment.')
        webhooks.send(type, instance, isOfDeployment ? world.live(instance.serviceId, instance.environmentId) : undefined)
        return { sent: type }
      },
    } as Fault,
    'webhook-trouble': {
      describe: 'From now on webhooks come doubled, in no order, late, spelled oddly, or not at all.',
      schema: trouble,
      async inject(asked: z.output<typeof trouble>) {
        webhooks.trouble(asked)
        return asked
      },
    } as Fault,
  }
}
