import { createHash } from 'node:crypto'
import { z } from 'zod'
import { unlinked } from '#src/kernel/unlinked.ts'

/** What a webhook of Railway says, as far as it can be read: every field may be missing, and none but the type is needed. */
export interface Notice {
  /** As it is compared: lower case, letters and digits alone (`deploymentoomkilled`), since Railway spells one type in several ways. */
  readonly type: string
  /** As Railway wrote it, for people: `Deployment.oom_killed`. */
  readonly said: string
  readonly project: string | undefined
  readonly environment: Named | undefined
  readonly service: Named | undefined
  /** Its id. */
  readonly deployment: string | undefined
  /** Id of the volume or the monitor that it is about. */
  readonly about: string | undefined
  readonly critical: boolean
  /** As Railway holds it to be, in lower case: `info`, `notice`, `warning`, `critical`. */
  readonly severity: string | undefined
  /** When it happened, by Railway's clock. */
  readonly at: Date | undefined
  /** Of the whole body, however its type is spelled: the same body is the same webhook. */
  readonly digest: string
}

export interface Named {
  readonly id: string
  readonly name: string
}

/** Railway's test sends ids that are empty. */
const id = z
  .string()
  .regex(/^[\w-]{1,100}$/)
  .optional()
  .catch(undefined)
const label = z
  .string()
  .transform((text) => unlinked(text.replaceAll(/\p{C}/gu, '').trim().slice(0, 100)))
  .catch('')
const named = z
  .object({ id, name: label })
  .transform(({ id, name }) => (id === undefined ? undefined : { id, name: name || id }))
  .optional()
  .catch(undefined)
const identified = z
  .object({ id })
  .transform((thing) => thing.id)
  .optional()
  .catch(undefined)

const resource = {
  project: identified,
  environment: named,
  service: named,
  deployment: identified,
  volume: identified,
  monitor: identified,
}

/** `details.status` is not read: it contradicts the type. The form of before 2025 has its resources at the top. https://docs.railway.com/observability/webhooks */
const payload = z.object({
  type: z.string().min(1).max(200),
  resource: z.object(resource).catch({}),
  details: z.object({ id, volumeId: id, monitorId: id }).catch({}),
  severity: label,
  timestamp: z.union([z.string(), z.number()]).pipe(z.coerce.date()).optional().catch(undefined),
  ...resource,
})

/** Undefined where it is none. Throws RangeError for thousands of levels. */
export function readNotice(body: unknown): Notice | undefined {
  const read = payload.safeParse(body)
  if (!read.success) return undefined
  const { type: said, resource: given, details, severity, timestamp, ...top } = read.data
  const type = said.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  if (type === '') return undefined
  return {
    type,
    said: label.parse(said),
    project: given.project ?? top.project,
    environment: given.environment ?? top.environment,
    service: given.service ?? top.service,
    deployment: given.deployment ?? top.deployment ?? (type.startsWith('deploy') ? details.id : undefined),
    about: aboutOf(type, { ...details, volume: given.volume ?? top.volume, monitor: given.monitor ?? top.monitor }),
    critical: /^critical$/i.test(severity),
    severity: severity === '' ? undefined : severity.toLowerCase(),
    at: timestamp,
    digest: createHash('sha256')
      .update(JSON.stringify([type, { ...(body as object), type: '' }]))
      .digest('base64url'),
  }
}

type Ids = Readonly<Partial<Record<'id' | 'volumeId' | 'monitorId' | 'volume' | 'monitor', string | undefined>>>

function aboutOf(type: string, { id: own, volumeId, monitorId, volume, monitor }: Ids): string | undefined {
  if (type.startsWith('volume')) return volume ?? volumeId
  return type.startsWith('monitor') ? (monitor ?? monitorId ?? own) : undefined
}
