import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'

export interface LoadOrder {
  readonly url: string
  readonly secret: string
  /** Webhooks a second, evenly spaced whatever the answers take (an open loop: a slow service does not slow the load down). */
  readonly perSecond: number
  readonly seconds: number
}

export interface LoadResult {
  readonly accepted: number
  readonly refused: number
  /** From when it was due to its answer, in ms. */
  readonly p50: number
  readonly p99: number
  /** From the first that was due to the last answer. */
  readonly seconds: number
}

/** The load, as a process of its own: takes one order after the other. */
process.on('message', async (order: LoadOrder) => process.send?.(await load(order)))
process.send?.('ready')

async function load({ url, secret, perSecond, seconds }: LoadOrder): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const { hostname, port } = new URL(url)
  const run = Math.random()
  const times: number[] = []
  let refused = 0
  const post = (n: number) =>
    new Promise<number>((resolve, reject) => {
      const body = JSON.stringify({ run, n, lead: { name: 'Ada Lovelace', mail: 'ada@example.com', note: 'x'.repeat(300) } })
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-zapier-event': 'lead.created',
        'x-zapier-signature': createHmac('sha256', secret).update(body).digest('hex'),
      }
      const asked = request({ hostname, port, path: '/webhook/zapier', method: 'POST', agent, headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
      })
      asked.on('error', reject)
      asked.end(body)
    })
  const begin = performance.now()
  const waiting: Promise<void>[] = []
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const due = begin + (n * 1_000) / perSecond
    const early = due - performance.now()
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early))
    waiting.push(
      post(n).then((status) => {
        if (status === 200) times.push(performance.now() - due)
        else refused += 1
      }),
    )
  }
  await Promise.all(waiting)
  const took = (performance.now() - begin) / 1_000
  agent.destroy()
  times.sort((a, b) => a - b)
  return {
    accepted: times.length,
    refused,
    p50: times[Math.floor(times.length * 0.5)] ?? Number.NaN,
    p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
    seconds: took,
  }
}
