import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'
import type { MessageRef } from '#src/kernel/call.ts'
import { UpstreamError, type UpstreamFault } from '#src/kernel/errors.ts'
import { isOfOldEdits } from './rest.ts'

export interface Asked {
  /** The operation's name in Discord's OpenAPI description, such as `create_message`. */
  readonly operation: string
  /** True where doing it twice is the same as doing it once. */
  readonly repeatable: boolean
  /** Waiting in queues and for rate limits included. */
  readonly withinMs?: number
}

const withinMs = 30_000

/** What Discord's code means to the people who can do something about it. https://discord.com/developers/docs/topics/opcodes-and-status-codes */
const meanings: Readonly<Record<number, string>> = {
  10003: 'The channel is gone.',
  10008: 'The message is gone.',
  10015: 'The time in which this interaction could be answered is over.',
  30034: 'Discord allows 200 new commands a day in a server, and they are used up.',
  30046: 'Messages older than an hour were edited too often.',
  40005: 'A file is too large for Discord.',
  50001: 'Helix cannot see the channel: give it View Channel there.',
  50013: 'Helix lacks a permission there: give it View Channel, Send Messages, Embed Links and Attach Files.',
  50083: 'The thread is archived.',
  160005: 'The thread is locked.',
  50027: 'The time in which this interaction could be answered is over.',
}

/**
 * Runs a request and turns each failure into an UpstreamError. The original is not kept as its cause: it holds the request's
 * address, and in it the interaction's token.
 */
export async function asked<Answer>(asking: Asked, request: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
  const { operation, repeatable } = asking
  try {
    return await request(AbortSignal.timeout(asking.withinMs ?? withinMs))
  } catch (error) {
    const fault = (known: Pick<UpstreamFault, 'outcome' | 'retryable'> & Partial<UpstreamFault>): UpstreamFault => ({
      provider: 'Discord',
      operation,
      ...known,
    })
    if (error instanceof DiscordAPIError) throw refusal(error, fault)
    if (error instanceof RateLimitError) {
      const retryAfterMs = Math.max(error.retryAfter, error.timeToReset)
      const code = isOfOldEdits(error) ? 30046 : undefined
      const known = { outcome: 'refused', retryable: true, status: 429, retryAfterMs, ...(code !== undefined && { code }) } as const
      throw new UpstreamError(code === undefined ? 'Discord asks Helix to slow down.' : meanings[code]!, fault(known))
    }
    if (error instanceof HTTPError) {
      const { status } = error
      throw new UpstreamError(
        `Discord answered with an error of its own (${status}).`,
        fault({ outcome: 'ambiguous', retryable: repeatable, status }),
      )
    }
    throw new UpstreamError(`Discord gave no usable answer (${reason(error)}).`, fault({ outcome: 'ambiguous', retryable: repeatable }))
  }
}

function refusal(
  error: DiscordAPIError,
  fault: (known: Pick<UpstreamFault, 'outcome' | 'retryable'> & Partial<UpstreamFault>) => UpstreamFault,
) {
  const { status } = error
  const code = typeof error.code === 'number' ? error.code : undefined
  const known = { outcome: 'refused', retryable: false, status, ...(code !== undefined && { code }) } as const
  if (status === 401 && code !== 50027) return new UpstreamError('Discord refused the bot token.', fault(known))
  const said = code === undefined ? `status ${status}` : `${code}: ${error.message.replaceAll(/\s+/g, ' ').slice(0, 300)}`
  const meaning = code === undefined ? undefined : meanings[code]
  return new UpstreamError(`${meaning ?? 'Discord refused this.'} (${said})`, fault(known))
}

/** Where the message of an answer stands. Throws SyntaxError where the answer is no message (a proxy's page, say). */
export function messageRef(answer: unknown): MessageRef {
  const { channel_id: channel, id: message } = (answer ?? {}) as { channel_id?: unknown; id?: unknown }
  if (typeof channel !== 'string' || typeof message !== 'string')
    throw new SyntaxError('Discord answered with something that is no message')
  return { channel, message }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'time-out'
  if (error instanceof SyntaxError) return 'unreadable answer'
  const { code } = (error.cause ?? error) as { code?: unknown }
  return typeof code === 'string' ? code : error.name
}
