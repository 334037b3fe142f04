import { Agent, request } from 'node:http'

/** Agents as clients: a connection each, and a heartbeat each second, evenly spread. */
export interface HeartbeatLoad {
  /** Answers how many were answered with 200, and how many were not. */
  run(seconds: number): Promise<{ readonly answered: number; readonly refused: number }>
  close(): void
}

export function createHeartbeatLoad({ url, token, agents }: { url: string; token: string; agents: readonly string[] }): HeartbeatLoad {
  const { hostname, port } = new URL(url)
  const body = JSON.stringify({ status: 'busy', details: { load: 0.25, task: 'benchmark' } })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const connections = agents.map((agent) => ({
    path: `/api/agents/${agent}/heartbeat`,
    agent: new Agent({ keepAlive: true, maxSockets: 1 }),
  }))

  function beat({ path, agent }: (typeof connections)[number]): Promise<boolean> {
    return new Promise((resolve) => {
      const asked = request({ hostname, port, path, method: 'POST', agent, headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode === 200))
      })
      asked.on('error', () => resolve(false))
      asked.end(body)
    })
  }

  return {
    async run(seconds) {
      const begin = performance.now()
      const beats: Promise<boolean>[] = []
      for (let n = 0; n < connections.length * seconds; n += 1) {
        const early = begin + (n * 1_000) / connections.length - performance.now()
        if (early > 1) await new Promise((resolve) => setTimeout(resolve, early))
        beats.push(beat(connections[n % connections.length]!))
      }
      const answers = await Promise.all(beats)
      const answered = answers.filter(Boolean).length
      return { answered, refused: answers.length - answered }
    },
    close() {
      for (const { agent } of connections) agent.destroy()
    },
  }
}
