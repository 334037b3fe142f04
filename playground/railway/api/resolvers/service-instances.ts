import { isOver, replicasOf } from '../../world/deployment-facts.ts'
import type { CustomDomain, ServiceInstance, Settings } from '../../world/model.ts'
import { domainOf } from '../../world/variables.ts'
import type { Asking, Resolvers } from '../api.ts'

/** A service in an environment: its settings, and what runs of it. */
export const serviceInstances = {
  Query: {
    serviceInstance: (_: unknown, args: { serviceId: string; environmentId: string }, { access }) =>
      access.instance(args.serviceId, args.environmentId),
    domains: (_: unknown, args: { serviceId: string; environmentId: string }, asking) =>
      domainsOf(asking.access.instance(args.serviceId, args.environmentId), asking),
  },
  ServiceInstance: {
    ...settingsFields(),
    serviceName: (instance: ServiceInstance, _: unknown, { world }) => world.service(instance.serviceId)!.name,
    updatedAt: (instance: ServiceInstance) => instance.createdAt,
    source(instance: ServiceInstance, _: unknown, { world }) {
      const { repo, image } = world.service(instance.serviceId)!
      return { repo, image }
    },
    region: ({ settings }: ServiceInstance) => Object.keys(settings.regions)[0] ?? null,
    /** Legacy: reads 1 on services in several regions, as at Railway. */
    numReplicas: ({ settings }: ServiceInstance) => (Object.keys(settings.regions).length > 1 ? 1 : replicasOf(settings.regions)),
    domains: (instance: ServiceInstance, _: unknown, asking) => domainsOf(instance, asking),
    latestDeployment: ({ serviceId, environmentId }: ServiceInstance, _: unknown, { world }) =>
      world.deploymentsOf(serviceId, environmentId)[0] ?? null,
    activeDeployments: ({ serviceId, environmentId }: ServiceInstance, _: unknown, { world }) =>
      world.deploymentsOf(serviceId, environmentId).filter((one) => !isOver(one)),
    isUpdatable: () => true,
  },
} satisfies Resolvers

function settingsFields() {
  const names = [
    ...(['builder', 'buildCommand', 'startCommand', 'preDeployCommand', 'rootDirectory', 'dockerfilePath', 'railwayConfigFile'] as const),
    ...(['watchPatterns', 'healthcheckPath', 'healthcheckTimeout', 'restartPolicyType', 'restartPolicyMaxRetries'] as const),
    ...(['overlapSeconds', 'drainingSeconds', 'cronSchedule', 'sleepApplication'] as const),
  ] satisfies (keyof Settings)[]
  return Object.fromEntries(names.map((name) => [name, ({ settings }: ServiceInstance) => settings[name]]))
}

function domainsOf(instance: ServiceInstance, { world }: Asking) {
  const domain = domainOf(instance)
  const { id, serviceId, environmentId, createdAt, customDomains = [] } = instance
  const { projectId } = world.environment(environmentId)!
  const about = { serviceId, environmentId, projectId, targetPort: null, syncStatus: 'ACTIVE', createdAt }
  return {
    serviceDomains: domain ? [{ ...about, id, domain }] : [],
    customDomains: customDomains.map((own) => ({ ...about, id: own.id, domain: own.domain, status: statusOf(own, createdAt) })),
  }
}

const certificateStatus = { valid: 'VALID', issuing: 'ISSUING', validating: 'VALIDATING_OWNERSHIP', failed: 'ISSUE_FAILED' } as const

function statusOf({ domain, certificate, expiresAt }: CustomDomain, issuedAt: string) {
  const issued = { domainNames: [domain], expiresAt, issuedAt, fingerprintSha256: '00', keyType: 'KEY_TYPE_ECDSA' }
  return {
    verified: certificate !== 'validating',
    certificateStatus: `CERTIFICATE_STATUS_TYPE_${certificateStatus[certificate]}`,
    certificateErrorMessage: certificate === 'failed' ? 'The DNS records of the domain do not lead to Railway' : null,
    certificates: certificate === 'valid' ? [issued] : [],
    dnsRecords: [],
  }
}
