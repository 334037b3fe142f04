import type { DeploymentRef, ServiceRef } from '#src/kernel/directory.ts'

/** Each change that Helix can make to a service, and what it is made with. */
export type Change =
  | { readonly kind: 'deploy'; readonly service: ServiceRef; readonly commit: string | undefined }
  | { readonly kind: 'redeploy'; readonly service: ServiceRef }
  | { readonly kind: 'restart'; readonly service: ServiceRef }
  | { readonly kind: 'rollback'; readonly service: ServiceRef; readonly deployment: DeploymentRef | undefined }
  | { readonly kind: 'scale'; readonly service: ServiceRef; readonly replicas: number; readonly region: string | undefined }

export type ChangeKind = Change['kind']
