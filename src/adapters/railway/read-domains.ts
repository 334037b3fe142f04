import type { ResultOf } from 'gql.tada'
import { domainsQuery } from './documents/domains.ts'
import type { DomainState } from './railway.ts'
import type { Request } from './request.ts'

type Node = ResultOf<typeof domainsQuery>['environment']['serviceInstances']['edges'][number]['node']
type Custom = Node['domains']['customDomains'][number]

/** See Railway.domains. */
export async function readDomains(request: Request, projectId: string, environmentId: string): Promise<readonly DomainState[]> {
  const found: DomainState[] = []
  for (let after: string | null = null; ; ) {
    const { edges, pageInfo }: ResultOf<typeof domainsQuery>['environment']['serviceInstances'] = (
      await request(domainsQuery, { projectId, environmentId, after })
    ).environment.serviceInstances
    found.push(...edges.flatMap(({ node }) => domainsOf(node)))
    if (!pageInfo.hasNextPage || !pageInfo.endCursor) return found
    after = pageInfo.endCursor
  }
}

function domainsOf({ serviceId, serviceName, domains: { serviceDomains, customDomains } }: Node): readonly DomainState[] {
  const service = { id: serviceId, name: serviceName }
  return [
    ...serviceDomains.map(({ domain }) => ({ domain, service, certificate: undefined })),
    ...customDomains.map(({ domain, status }) => ({ domain, service, certificate: certificateOf(status) })),
  ]
}

/** Of several the one that lasts longest: a new one stands beside the old until that ends. */
function certificateOf({ certificateStatus, certificateErrorMessage, certificates }: Custom['status']): DomainState['certificate'] {
  const ends = (certificates ?? []).flatMap(({ expiresAt }) => (expiresAt ? [Date.parse(expiresAt)] : [])).filter(Number.isFinite)
  return {
    state: states[certificateStatus] ?? 'unknown',
    ...(certificateErrorMessage && { fault: certificateErrorMessage }),
    ...(ends.length > 0 && { endsAt: new Date(Math.max(...ends)) }),
  }
}

const states: Readonly<Record<string, NonNullable<DomainState['certificate']>['state']>> = {
  CERTIFICATE_STATUS_TYPE_VALID: 'valid',
  CERTIFICATE_STATUS_TYPE_ISSUING: 'pending',
  CERTIFICATE_STATUS_TYPE_VALIDATING_OWNERSHIP: 'pending',
  CERTIFICATE_STATUS_TYPE_ISSUE_FAILED: 'failed',
}
