import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { moment } from '#src/kernel/say.ts'
import type { Certificates, KnownDomain } from '../readings/certificates.ts'
import type { RuleOf } from '../rule.ts'
import { fitting } from '../service-rules.ts'
import type { Verdict } from '../standing.ts'
import type { Look } from './look.ts'

/** What was read so long ago says nothing of now, in ms. */
const freshMs = 2 * 60 * 60_000
const DAY = 86_400_000

/** A look for each domain; undefined where they were not read yet. */
export function looksOfCertificates(
  rule: RuleOf<'certificate'>,
  certificates: Certificates | undefined,
  now: number,
): readonly Look[] | undefined {
  if (!certificates || now - certificates.at > freshMs) return undefined
  const fits = fitting(rule.services)
  return certificates.domains
    .filter(({ service }) => fits(service.name))
    .map((known) => {
      const { verdict, reads, says } = stateOf(known, rule.days, now)
      const { domain, service } = known
      return { subject: domain, verdict, group: service.id, service, title: `${domain}: ${says ?? 'its certificate'}`, reads }
    })
}

interface State {
  readonly verdict: Verdict
  readonly reads: string
  readonly says?: string
}

function stateOf({ state, fault, endsAt, refused }: KnownDomain, days: number, now: number): State {
  const until = endsAt === undefined ? '' : `${moment(new Date(endsAt))} UTC`
  if (endsAt !== undefined && endsAt <= now)
    return { verdict: 'bad', says: 'its certificate has ended', reads: `Its certificate ended on ${until}.` }
  if (refused !== undefined)
    return { verdict: 'bad', says: 'its certificate is not trusted', reads: `Visitors do not trust its certificate: ${refused}.` }
  if (state === 'failed') {
    const why = fault === undefined ? '' : `: ${fault.replace(/\.$/, '')}`
    return { verdict: 'bad', says: 'its certificate could not be issued', reads: `Railway could not issue its certificate${why}.` }
  }
  if (state === 'pending')
    return { verdict: 'bad', says: 'its certificate is not issued yet', reads: 'Railway has not issued its certificate yet.' }
  if (endsAt === undefined) return { verdict: 'unread', reads: 'Nothing is known of its certificate.' }
  const left = endsAt - now
  const reads = `Its certificate ends in ${left < DAY ? sayDuration(Math.ceil(left / 60_000) * 60_000) : `${Math.floor(left / DAY)} days`}, on ${until}.`
  return left <= days * DAY ? { verdict: 'bad', says: `its certificate ends within ${days} days`, reads } : { verdict: 'well', reads }
}
