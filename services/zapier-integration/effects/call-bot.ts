import { type CallAnswer, callAnswer, callRequest, callsPath } from '#src/automation/call-wire.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Mesh } from '#src/mesh/mesh.ts'
import type { Handled } from '../work/lane.ts'

const OVER = new Set<CallAnswer['status']>(['done', 'started'])
/** The bot cannot read the request, and never will. Any other no may pass: 409 is a call that is under way, 401 and 403 a secret to be set. */
const NEVER = new Set([400, 413, 422])

/**
 * Asks the bot for a command: a CallRequest, as JSON. The key is the event's and the rule's: however often it is asked, it is done once.
 * Throws UpstreamError while the bot is away, so that it is asked again; what the bot refuses, or a person has to confirm first, is over.
 */
export async function callBot(mesh: Pick<Mesh, 'call'>, body: string): Promise<Handled> {
  const request = callRequest.parse(JSON.parse(body))
  const asked = { peer: 'bot', method: 'POST', path: callsPath, body: request, idempotent: true, timeoutMs: 10_000 } as const
  const answer = await mesh.call(asked, callAnswer).catch((error: unknown) => {
    if (error instanceof UpstreamError && NEVER.has(error.fault.status ?? 0))
      return { status: 'refused', sentence: error.message } as CallAnswer
    throw error
  })
  const { status, sentence, operation } = answer
  const outcome = { status, sentence, ...(operation !== undefined && { operation }) }
  return { state: OVER.has(status) ? 'done' : 'refused', outcome }
}
