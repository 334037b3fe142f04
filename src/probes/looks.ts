import { z } from 'zod'
import { count } from '#src/kernel/say.ts'
import { ask, type Line } from './ask.ts'
import { hearEcho } from './hear-echo.ts'
import type { Target } from './probe.ts'
import { ProbeFailure, statusFailure } from './probe-failure.ts'

/** Uses what a service is for, and says what was seen. Throws ProbeFailure. */
export type Look = (line: Line, word: string) => Promise<string>

const statuses = z.object({ agentCount: z.number() })
const webhooks = z.object({ webhookCount: z.number(), status: z.string() })
const test = z.object({ status: z.string() })

/** What each kind of service is asked beyond its health; the Claude API has nothing that may be asked for free. */
export const looks: Readonly<Partial<Record<Target, Look>>> = {
  'websocket-streaming': async (line, word) => {
    await hearEcho(line, word)
    return 'It was connected to, took the token, and gave back what it was sent.'
  },
  'agent-orchestrator': async (line) => {
    const { agentCount } = await read(line, '/api/agents/status', statuses)
    return `It knows ${count(agentCount, 'agent')}.`
  },
  'voice-processor': async (line) => {
    const { status } = await read(line, '/api/transcribe/test', test)
    if (/fail|error|unavailable|unconfigured|degraded|no.?speech/i.test(status)) {
      throw new ProbeFailure('degraded', `It did not understand its test clip: its transcription is “${status.slice(0, 40)}”.`)
    }
    return 'It transcribed its test clip.'
  },
  'zapier-integration': async (line) => {
    const { webhookCount, status } = await read(line, '/api/webhooks/status', webhooks)
    if (!/^(operational|ok|healthy)$/i.test(status)) throw new ProbeFailure('degraded', `Its webhooks are “${status.slice(0, 40)}”.`)
    return `Its webhooks are operational, ${webhookCount.toLocaleString('en')} taken so far.`
  },
}

async function read<Answer>(line: Line, path: string, schema: z.ZodType<Answer>): Promise<Answer> {
  const { status, body } = await ask(line, path)
  if (status !== 200) throw statusFailure(status, path)
  const answer = schema.safeParse(body)
  if (!answer.success) throw new ProbeFailure('unexpected answer', `${path} answered with something that it should not.`)
  return answer.data
}
