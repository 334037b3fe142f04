import type { Logger } from 'pino'
import { callAnswer, callRequest, callsPath } from './automation/call-wire.ts'
import type { BotConfig } from './config/bot-config.ts'
import { underWay } from './doors/ask.ts'
import type { AutomationDoor } from './doors/automation.ts'
import type { Clock } from './kernel/clock.ts'
import { type RailwayWebhookParts, railwayWebhookRoute } from './railway-webhook-route.ts'
import type { Components } from './service/component.ts'
import { Refusal } from './service/refusal.ts'
import { createServiceApp, type ServiceApp } from './service/service-app.ts'
import type { ServiceBase } from './service/service-base.ts'
import { createTokens } from './tokens/create-tokens.ts'
import { openTracing } from './tracing/open-tracing.ts'
import { type WatchRouteParts, watchRoute } from './watch-route.ts'

export interface BotHttpParts {
  readonly base: ServiceBase
  readonly components: Components
  readonly door: AutomationDoor
  readonly webhook: Pick<RailwayWebhookParts, 'secret' | 'take'>
  readonly watching: Pick<WatchRouteParts, 'watched' | 'signals'>
}

const RATE_PER_MINUTE = 6_000

/** What the bot's HTTP app and its mesh are made with. A worker is the same bot as the gateway. */
export async function botBase(config: BotConfig, version: string, log: Logger, clock: Clock): Promise<ServiceBase> {
  const { JWT_SECRET: jwtSecret, SERVICE_MESH_SECRET: meshSecret } = config
  return {
    ...{ version, log, clock },
    // Users' tokens only look here, at figures and states; commands are for services, each with a role of its own.
    tokens: createTokens({ jwtSecret, meshSecret, service: 'bot', defaultRole: 'viewer', serviceRole: 'admin', clock }),
    tracing: await openTracing({ config, service: 'bot', version, log }),
    corsOrigins: [],
    trustedProxies: 0,
    ratePerMinute: RATE_PER_MINUTE,
  }
}

/** The bot's side towards other services: what every service answers, the calls of commands, Railway's webhooks, and whether it watches. */
export function createBotHttp({ base, components, door, webhook, watching }: BotHttpParts): ServiceApp {
  const app = createServiceApp({ ...base, name: 'helix', description: 'The Discord bot', components })
  const schema = { summary: 'Calls a command, for services with a role of their own', body: callRequest, response: { 200: callAnswer } }
  app.http.post(callsPath, { schema }, async ({ principal, body }) => {
    if (principal.kind !== 'service') throw new Refusal(403, 'Commands are called here by services, with a token of the mesh.')
    const answer = await door(principal.subject, body)
    if (answer === underWay) throw new Refusal(409, 'The call with this key is under way.', { 'retry-after': '2' })
    return answer
  })
  railwayWebhookRoute(app.http, { ...webhook, clock: base.clock })
  watchRoute(app.http, { ...watching, clock: base.clock })
  return app
}
