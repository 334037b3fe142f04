import type { Store } from '#src/adapters/store/store.ts'
import type { Claims } from '#src/claims/claims.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Emit } from '#src/kernel/emit.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Places } from '#src/places/places.ts'
import type { Signals } from '#src/signals/signals.ts'
import { createHeard, type Heard } from './heard.ts'
import { createHintedLooks } from './hinted-looks.ts'
import { createInOrder, type InOrder } from './in-order.ts'
import { createIntake } from './intake.ts'
import type { Notice } from './notice.ts'
import { masked, type WebhookSecret } from './secret.ts'

/** Where Railway is to send its webhooks. */
export interface WebhookAddress {
  /** In full where Helix made the secret, since it can be had nowhere else; masked where whoever runs Helix chose it. */
  readonly path: string
  /** With the domain, where Railway says which one leads here. */
  readonly url: string | undefined
  readonly masked: boolean
  /** False where this Helix answers no HTTP (PORT is not set). */
  readonly open: boolean
}

/** Railway's webhooks: hints that something changed, never facts about what. Each is told once, by the event `railway.webhook`. */
export interface Webhooks {
  readonly address: WebhookAddress
  /** The places that a notice is about, with its environment; none where Helix serves no such project. */
  about(notice: Pick<Notice, 'project' | 'environment'>): readonly Place[]
  /** The environment is looked at soon, once for all hints until then. */
  hint(place: Place): void
  inOrder: InOrder
  /** What came for a project; undefined where nothing ever did. */
  heard(place: Place): Promise<Heard | undefined>
}

export interface WebhooksParts {
  readonly store: Store
  readonly claims: Claims
  readonly places: Pick<Places, 'guilds' | 'of'>
  readonly signals: Pick<Signals, 'lookNow' | 'newest' | 'cadence'>
  readonly emit: Emit
  readonly secret: WebhookSecret
  /** The bot's own public domain at Railway, where it has one. */
  readonly domain: string | undefined
  readonly answersHttp: boolean
  readonly clock: Clock
  readonly log: Log
}

export const webhookPath = '/webhooks/railway'

export function createWebhooks(parts: WebhooksParts) {
  const { places, secret, domain, answersHttp } = parts
  const looks = createHintedLooks(parts)
  const heard = createHeard(parts)
  const intake = createIntake({ ...parts, note: async (notice, known) => heard.note(about(notice), notice, known) })
  const path = `${webhookPath}/${secret.chosen ? masked(secret.value) : secret.value}`

  function about({ project, environment }: Pick<Notice, 'project' | 'environment'>): readonly Place[] {
    return places.guilds().flatMap((guild) => {
      const place = places.of(guild)
      if (!place || (project ?? place.project) !== place.project) return []
      return { ...place, environment: environment?.id ?? place.environment }
    })
  }

  const webhooks: Webhooks = {
    address: { path, url: domain === undefined ? undefined : `https://${domain}${path}`, masked: secret.chosen, open: answersHttp },
    about,
    hint: looks.hint,
    inOrder: createInOrder(parts),
    heard: heard.of,
  }
  return {
    webhooks,
    take: intake.take,
    idle: intake.idle,
    async stop() {
      await intake.stop()
      await looks.stop()
    },
    prune: heard.prune,
  }
}
