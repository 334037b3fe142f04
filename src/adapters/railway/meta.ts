import { z } from 'zod'

/** The part of a deployment's untyped `meta` that Helix reads. Each field stands alone: one that is odd does not cost the others. */
const metaSchema = z.object({
  commitHash: z.string().optional().catch(undefined),
  commitMessage: z.string().optional().catch(undefined),
  commitAuthor: z.string().optional().catch(undefined),
  image: z.string().optional().catch(undefined),
  serviceManifest: z
    .object({
      deploy: z.object({
        multiRegionConfig: z
          .record(z.string(), z.object({ numReplicas: z.number().int().nullish() }).nullable())
          .nullish()
          .catch(undefined),
        region: z.string().nullish().catch(undefined),
        numReplicas: z.number().int().nullish().catch(undefined),
      }),
    })
    .optional()
    .catch(undefined),
})

export interface DeploymentMeta {
  readonly commit: string | undefined
  readonly message: string | undefined
  readonly author: string | undefined
  readonly image: string | undefined
  /** Replicas by region; empty where `meta` does not say. */
  readonly regions: Readonly<Record<string, number>>
}

const nothing: DeploymentMeta = { commit: undefined, message: undefined, author: undefined, image: undefined, regions: {} }

/** Reads `Deployment.meta`, whatever it is; never throws. */
export function readMeta(meta: unknown): DeploymentMeta {
  const read = metaSchema.safeParse(meta)
  if (!read.success) return nothing
  const { commitHash, commitMessage, commitAuthor, image, serviceManifest } = read.data
  return { commit: commitHash, message: commitMessage, author: commitAuthor, image, regions: regionsOf(serviceManifest?.deploy) }
}

type Deploy = NonNullable<z.infer<typeof metaSchema>['serviceManifest']>['deploy']

function regionsOf(deploy: Deploy | undefined): Record<string, number> {
  const map = deploy?.multiRegionConfig
  if (map && Object.keys(map).length > 0) {
    return Object.fromEntries(Object.entries(map).flatMap(([region, config]) => (config ? [[region, config.numReplicas ?? 1]] : [])))
  }
  return deploy?.region ? { [deploy.region]: deploy.numReplicas ?? 1 } : {}
}
