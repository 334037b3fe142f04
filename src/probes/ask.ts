import { readJson } from '#src/kernel/read-json.ts'
import { failureOf, ProbeFailure } from './probe-failure.ts'

/** Where a probe speaks to: the address, the token where there is one, and the end of its time. */
export interface Line {
  readonly url: URL
  readonly token: string | undefined
  readonly signal: AbortSignal
  readonly fetch: typeof fetch
}

export interface Answered {
  readonly status: number
  /** Parsed JSON; undefined where it is none. */
  readonly body: unknown
}

const MOST_BYTES = 64 * 1024

/** One GET. Throws ProbeFailure where no HTTP answer came; a status of any kind is an answer. The token goes to this address alone. */
export async function ask({ url, token, signal, fetch }: Line, path: string, open = false): Promise<Answered> {
  try {
    const headers = { accept: 'application/json', ...(token !== undefined && !open && { authorization: `Bearer ${token}` }) }
    const response = await fetch(under(url, path), { headers, signal, redirect: 'manual' })
    const text = await beginning(response)
    return { status: response.status, body: readJson(text) }
  } catch (error) {
    throw failureOf(error, signal.aborted)
  }
}

/** `/health` of `https://host/base/` is `https://host/base/health`. */
export function under(url: URL, path: string): URL {
  const at = new URL(url)
  at.pathname = `${at.pathname.replace(/\/+$/, '')}${path}`
  at.search = ''
  return at
}

/** No more is read than a health answer may have, however much is sent. */
async function beginning(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > MOST_BYTES) throw new ProbeFailure('unexpected answer', 'Its answer is far too long for what was asked.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
