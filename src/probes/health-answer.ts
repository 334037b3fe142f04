import { type Answered, ask, type Line } from './ask.ts'
import { ProbeFailure, statusFailure } from './probe-failure.ts'

/** What a service says of itself. */
export interface Said {
  readonly state: 'well' | 'degraded'
  readonly down: readonly string[]
}

const PATHS = ['/health', '/health/ready', '/health/live'] as const
const WELL = /^(healthy|ok|okay|up|alive|pass|operational|connected|ready)$/i
const ILL = /down|fail|error|unavailable|disconnected|unhealthy|not connected/i

/**
 * Asks the first of `/health`, `/health/ready` and `/health/live` that there is. It needs no token. Throws ProbeFailure where the service
 * cannot be reached, has none of them, or says that it does not serve.
 */
export async function askHealth(line: Line): Promise<Said> {
  for (const path of PATHS) {
    const answered = await ask(line, path, true)
    if (answered.status === 404) continue
    return read(answered, path)
  }
  throw new ProbeFailure('nothing there', 'It has none of /health, /health/ready and /health/live: the address may be another service’s.')
}

function read({ status, body }: Answered, path: string): Said {
  const said = record(body)
  const down = said ? downIn(said) : []
  const word = typeof said?.status === 'string' ? said.status : said && (said.ready === true || said.alive === true) ? 'ok' : undefined
  if (status === 503 && said) {
    if (down.length > 0) return { state: 'degraded', down }
    throw new ProbeFailure('its own error', `${path} says ${word ? `“${word.slice(0, 40)}”` : 'that it is not ready'} (503).`)
  }
  if (status !== 200) throw statusFailure(status, path)
  if (!said || word === undefined) throw new ProbeFailure('unexpected answer', `${path} answered with something that is no health reading.`)
  if (WELL.test(word) && down.length === 0) return { state: 'well', down }
  if (/^unhealthy$/i.test(word)) throw new ProbeFailure('its own error', `${path} says that it is unhealthy.`)
  return { state: 'degraded', down }
}

/** Ours: `components: {redis: {status: 'down'}}` and `waitingFor: ['redis']`. Older services: `{"database": "disconnected"}`. */
function downIn(said: Readonly<Record<string, unknown>>): readonly string[] {
  const { components, waitingFor, status: _, service: __, detail: ___, message: ____, ...rest } = said
  const named = Array.isArray(waitingFor) ? waitingFor.filter((name) => typeof name === 'string') : []
  const parts = Object.entries({ ...rest, ...record(components) })
  const ill = parts.filter(([, part]) => {
    const word = record(part)?.status ?? part
    return typeof word === 'string' && ILL.test(word)
  })
  return [...new Set([...named, ...ill.map(([name]) => name)])].slice(0, 10).map((name) => name.slice(0, 40))
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
}
