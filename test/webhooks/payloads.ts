/** As Railway documents it, with what a test says otherwise. https://docs.railway.com/observability/webhooks */
export function payload(type: string, more: { readonly [field: string]: unknown } = {}) {
  return {
    type,
    details: { id: 'd-1', source: 'GitHub', status: 'SUCCESS', branch: 'main', commitHash: 'abc', commitAuthor: 'ada', commitMessage: 'x' },
    resource: {
      workspace: { id: 'w', name: 'Team' },
      project: { id: 'p', name: 'shop' },
      environment: { id: 'e', name: 'production', isEphemeral: false },
      service: { id: 's-api', name: 'api' },
      deployment: { id: 'd-1' },
    },
    severity: 'WARNING',
    timestamp: '2026-11-21T12:00:00.000Z',
    ...more,
  }
}

/** Another deployment of the same service. */
export function ofDeployment(id: string) {
  const { details, resource } = payload('')
  return { details: { ...details, id }, resource: { ...resource, deployment: { id } } }
}
