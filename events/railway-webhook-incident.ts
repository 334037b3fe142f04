import { z } from 'zod'
import type { Place } from '#src/kernel/call.ts'
import { defineEvent } from '#src/kernel/event.ts'
import type { Told, Turn } from '#src/webhooks/turns.ts'

/** What happened longer ago is history: Railway repeats a webhook for minutes, not for hours. */
const BELIEVED_MS = 3_600_000

/** What a person has to look after though every service may look well: killed for its memory, a volume that fills up, a monitor, an approval. */
export default defineEvent({
  on: 'railway.webhook',
  schema: z.custom<Told>((value) => typeof value === 'object' && value !== null && 'turns' in value),
  needs: ['webhooks', 'incidents', 'places', 'signals', 'clock', 'log'],
  when: ({ turns }) => turns.length > 0,
  async run(notice, { webhooks, incidents, places, signals, clock }) {
    const now = clock.now()
    // Clocks disagree: nothing happened later than now.
    const at = notice.at === undefined || notice.at > now ? now : notice.at

    async function carryOut(turn: Turn, place: Place): Promise<void> {
      if (!turn.begins) return void (await incidents.over(place, turn.matter, turn.sentence))
      const environment = signals.newest(place)?.environment ?? notice.environment?.name ?? place.environment
      const isProduction = places.isProduction({ id: place.environment, name: environment })
      const { service } = notice
      await incidents.report({
        ...{ place, environment, fingerprint: turn.matter, group: service?.id ?? turn.matter, since: at },
        ...{ title: turn.title, sentence: turn.sentence },
        severity: isProduction ? (notice.critical ? 'critical' : 'warning') : 'info',
        ...(service && { service }),
      })
    }

    for (const place of webhooks.about(notice))
      for (const turn of notice.turns) {
        if (turn.begins && now.getTime() - at.getTime() > BELIEVED_MS) continue
        await webhooks.inOrder(place, turn, at, notice.deployment, () => carryOut(turn, place))
      }
  },
  onGaveUp: ({ said }, error, { log }) => log.error({ err: error, type: said }, 'an incident does not follow a webhook of Railway'),
})
