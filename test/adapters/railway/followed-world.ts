import { EventEmitter, on, once } from 'node:events'
import type { DeploymentFields } from '#src/adapters/railway/deployment-state.ts'
import { aDeployment } from './deployments.ts'
import { graphqlServer } from './graphql-server.ts'

interface Line {
  readonly timestamp: string
  readonly message: string
  readonly attributes: readonly never[]
}

/** A deployment and its log at a server that tells its subscribers of each change, and repeats itself to each new one as Railway does. */
export async function followedWorld() {
  const events = new EventEmitter()
  const log: Line[] = []
  let current = aDeployment({ status: 'BUILDING', instances: [] })
  let subscribers = 0

  const stream = async function* (event: string, first: () => unknown): AsyncGenerator<unknown> {
    const news = on(events, event)
    subscribers += 1
    events.emit('subscribed')
    yield first()
    for await (const [value] of news) yield value
  }
  const server = await graphqlServer(
    { deployment: () => current, deploymentLogs: () => [...log] },
    {
      deployment: () => stream('deployment', () => ({ deployment: current })),
      deploymentLogs: () => stream('logs', () => ({ deploymentLogs: [...log] })),
    },
  )
  return {
    server,
    tell: (changes: Partial<DeploymentFields>) => {
      current = aDeployment({ ...current, ...changes })
      events.emit('deployment', { deployment: current })
    },
    /** A minute lies between two lines of different calls. */
    say: (minute: number, ...messages: string[]) => {
      const lines = messages.map((message, n) => ({ timestamp: time(minute, n), message, attributes: [] }))
      log.push(...lines)
      events.emit('logs', { deploymentLogs: lines })
    },
    subscribed: async (times: number) => {
      while (subscribers < times) await once(events, 'subscribed', { signal: AbortSignal.timeout(10_000) })
    },
  }
}

function time(minute: number, second: number): string {
  return new Date(Date.UTC(2099, 0, 1, 0, minute, second)).toISOString()
}

/** Collects what an iterable gives, and lets a test wait for it. */
export function collect<Value>(source: AsyncIterable<Value>) {
  const changed = new EventEmitter()
  const values: Value[] = []
  const gather = async () => {
    for await (const value of source) {
      values.push(value)
      changed.emit('change')
    }
  }
  return {
    values,
    done: gather(),
    until: async (enough: (values: readonly Value[]) => boolean) => {
      while (!enough(values)) await once(changed, 'change', { signal: AbortSignal.timeout(10_000) })
    },
  }
}
