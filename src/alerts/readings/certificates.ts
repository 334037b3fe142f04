import { z } from 'zod'
import type { DomainState, Railway } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Handshake, Shaken } from './handshake.ts'

/** What is known of the certificates of domains. Times in ms since 1970. */
export const certificates = z.object({
  at: z.number(),
  domains: z.array(
    z.object({
      domain: z.string(),
      service: z.object({ id: z.string(), name: z.string() }),
      /** As Railway says. */
      state: z.enum(['valid', 'pending', 'failed', 'unknown']).optional(),
      fault: z.string().optional(),
      /** Of what is presented to visitors, else as Railway says. */
      endsAt: z.number().optional(),
      /** Why a visitor would not trust what is presented. */
      refused: z.string().optional(),
    }),
  ),
})
export type Certificates = Readonly<z.infer<typeof certificates>>
export type KnownDomain = Certificates['domains'][number]

/** Domains of an environment that are looked at, and how many at the same time. */
export const mostDomains = 200
const atOnce = 20
const longestFault = 200

/** With ONE request, and a handshake with each domain, which wakes no service. Throws UpstreamError. */
export async function readCertificates(
  railway: Pick<Railway, 'domains'>,
  handshake: Handshake,
  { project, environment }: Place,
  now: number,
): Promise<Certificates> {
  const waiting = [...(await railway.domains(project, environment))].slice(0, mostDomains)
  const known: KnownDomain[] = []
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) known.push(knownOf(next, await handshake(next.domain)))
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return { at: now, domains: known.toSorted((one, other) => (one.domain < other.domain ? -1 : 1)) }
}

function knownOf({ domain, service, certificate }: DomainState, shaken: Shaken): KnownDomain {
  const endsAt = shaken.endsAt ?? certificate?.endsAt
  return {
    ...{ domain: domain.slice(0, 253), service: { id: service.id, name: service.name } },
    ...(certificate && { state: certificate.state }),
    ...(certificate?.fault !== undefined && { fault: certificate.fault.replaceAll(/\p{C}/gu, ' ').slice(0, longestFault) }),
    ...(endsAt && { endsAt: endsAt.getTime() }),
    ...(shaken.refused !== undefined && { refused: shaken.refused }),
  }
}
