import type { ServiceHttp } from '#src/service/request-schemas.ts'
import type { ClipTest } from '../clip-test.ts'
import { clipTest, eventList } from '../requests.ts'
import type { VoiceEvents } from '../voice-events.ts'

const MOST_SHOWN = 10

/** What was done lately, and whether it works at all. */
export function readingRoutes(http: ServiceHttp, { events, test }: { readonly events: VoiceEvents; test(): Promise<ClipTest> }): void {
  http.get('/api/transcribe/test', { schema: { summary: 'Whether its test clip is understood', response: { 200: clipTest } } }, async () =>
    test(),
  )
  const lately = { config: { refuses: [503] }, schema: { summary: 'What was done lately', response: { 200: eventList } } } as const
  http.get('/api/events', lately, async () => ({ events: [...(await events.last(MOST_SHOWN))] }))
}
