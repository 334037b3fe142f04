import { z } from 'zod'
import type { RuleVersion } from '#src/automation/automation.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { RuleRef } from '#src/kernel/directory.ts'
import { createAskService } from '#src/mesh/ask-service.ts'
import type { Mesh } from '#src/mesh/mesh.ts'
import {
  type DeadLetter,
  deadLetter,
  type EventReport,
  eventAccepted,
  eventReport,
  type RuleAnswer,
  ruleAnswer,
  type WebhookStatus,
  webhookStatus,
} from './wire.ts'

/** What a member wants a rule to say; the service checks it. */
export interface NewRule {
  readonly name: string
  readonly event: string
  readonly where: Readonly<Record<string, unknown>>
  readonly command: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly environment: string | undefined
}

/** A rule, and what of it a person confirms. */
export interface Rule extends RuleAnswer {
  readonly version: RuleVersion
}

/** What Helix wants Zapier to hear of. */
export interface News {
  readonly trigger: string
  readonly data: Readonly<Record<string, unknown>>
  /** The hook that it is for: `communications-hub`. */
  readonly target: string
  readonly key: string
}

/** The service zapier-integration, asked over the mesh. Where it is not configured each but `tell` throws UserError; where it is away, UpstreamError. */
export interface Zapier {
  status(): Promise<WebhookStatus>
  /** What came in and went out, newest first. */
  recent(most: number): Promise<readonly EventReport[]>
  deadLetters(most: number): Promise<readonly DeadLetter[]>
  retry(letter: string): Promise<void>
  rules(): Promise<readonly RuleAnswer[]>
  /** For the directory. */
  ruleNames(): Promise<readonly RuleRef[]>
  rule(id: string): Promise<Rule>
  /** Made disabled: it is enabled once a person has confirmed what it does. */
  addRule(rule: NewRule): Promise<Rule>
  switchRule(id: string, enabled: boolean): Promise<RuleAnswer>
  removeRule(id: string): Promise<RuleAnswer>
  /** Has Zapier told of something, once for each key. Nothing where the service is not configured. */
  tell(news: News): Promise<void>
  /** Sends a signed event through the webhook and waits for what comes of it, for some seconds. */
  test(): Promise<EventReport>
}

const SERVICE = 'zapier-integration'
const MISSING = 'There is no Zapier service here: ZAPIER_SERVICE_URL is not set, so nothing was done. Ask an admin to set it.'
const MOST_RULES = 500
/** How long a test is watched, and how often, in ms. */
const watch = { forMs: 8_000, everyMs: 200 } as const

export function createZapier({ mesh, clock }: { readonly mesh: Mesh; readonly clock: Clock }): Zapier {
  const ask = createAskService(mesh, SERVICE, MISSING)
  const at = (id: string) => `/api/rules/${encodeURIComponent(id)}`
  const rules = () => ask({ method: 'GET', path: '/api/rules' }, z.array(ruleAnswer).max(MOST_RULES))
  const report = (id: string) => ask({ method: 'GET', path: `/api/outcomes/${encodeURIComponent(id)}` }, eventReport)

  return {
    status: () => ask({ method: 'GET', path: '/api/webhooks/status' }, webhookStatus),
    recent: (limit) => ask({ method: 'GET', path: '/api/outcomes', query: { limit } }, z.array(eventReport)),
    deadLetters: (limit) => ask({ method: 'GET', path: '/api/dead-letters', query: { limit } }, z.array(deadLetter)),
    async retry(letter) {
      await ask({ method: 'POST', path: `/api/dead-letters/${encodeURIComponent(letter)}/retry` }, z.unknown())
    },
    rules,
    ruleNames: async () => (await rules()).map(({ id, name }) => ({ id, name })),
    rule: async (id) => withVersion(await ask({ method: 'GET', path: at(id) }, ruleAnswer)),
    addRule: async (rule) => withVersion(await ask({ method: 'POST', path: '/api/rules', body: rule }, ruleAnswer)),
    switchRule: (id, enabled) => ask({ method: 'POST', path: `${at(id)}/${enabled ? 'enable' : 'disable'}`, idempotent: true }, ruleAnswer),
    removeRule: (id) => ask({ method: 'DELETE', path: at(id) }, ruleAnswer),
    async tell({ key: idempotency_key, ...body }) {
      if (!mesh.url(SERVICE)) return
      await ask({ method: 'POST', path: '/api/trigger', body: { ...body, idempotency_key }, idempotent: true }, eventAccepted)
    },
    async test() {
      const { event_id } = await ask({ method: 'POST', path: '/api/test' }, eventAccepted)
      const until = clock.now().getTime() + watch.forMs
      let seen = await report(event_id)
      while (seen.state === 'waiting' && clock.now().getTime() < until) {
        await clock.sleep(watch.everyMs)
        seen = await report(event_id)
      }
      return seen
    },
  }
}

function withVersion(rule: RuleAnswer): Rule {
  const { id, pattern, command, arguments: given, environment } = rule
  return { ...rule, version: { service: SERVICE, rule: id, pattern, command, arguments: given, environment: environment ?? undefined } }
}
