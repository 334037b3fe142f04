import { z } from 'zod'
import type { Fault } from '#playground/emulator.ts'
import { fixedId } from '#playground/railway/fixed-id.ts'
import type { Platform } from '../api/api.ts'
import { findInstance } from './find-instance.ts'

const dayMs = 86_400_000

/** What the playground has too little of by itself: bills, and certificates. */
export function createMoneyAndDomainFaults(platform: Platform) {
  const place = { service: z.string(), environment: z.string().default('production') }
  const spend = z.object({ ...place, dollars: z.number().min(0).max(100_000), hours: z.number().min(1).max(720).default(24) })
  const domain = z.object({
    ...place,
    domain: z
      .string()
      .regex(/^[a-z0-9.-]{1,200}$/)
      .default('shop.helix.invalid'),
    certificate: z.enum(['valid', 'issuing', 'validating', 'failed']).default('valid'),
    endsInDays: z.number().min(-365).max(365).default(90),
  })
  return {
    spend: {
      describe: 'Railway says that a service used so many dollars more (of CPU) in the last hours.',
      schema: spend,
      async inject({ service, environment, dollars, hours }: z.output<typeof spend>) {
        platform.bill.spend(findInstance(platform, service, environment), dollars, hours)
        return { spent: dollars }
      },
    } as Fault,
    'custom-domain': {
      describe:
        'A service has a domain of its own whose certificate is valid for so many days, being issued, or failed. Nothing answers there.',
      schema: domain,
      async inject({ service, environment, domain: name, certificate, endsInDays }: z.output<typeof domain>) {
        const instance = findInstance(platform, service, environment)
        const expiresAt = new Date(platform.clock.now().getTime() + endsInDays * dayMs).toISOString()
        const others = (instance.customDomains ?? []).filter((one) => one.domain !== name)
        instance.customDomains = [...others, { id: fixedId(`domain/${instance.id}/${name}`), domain: name, certificate, expiresAt }]
        platform.world.changed()
        return { domain: name, expiresAt }
      },
    } as Fault,
  }
}
