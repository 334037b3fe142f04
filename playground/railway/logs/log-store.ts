import { EventEmitter } from 'node:events'
import type { Clock } from '#src/kernel/clock.ts'
import type { Deployment } from '../world/model.ts'
import type { LineTags, ReadLine, StoredLine } from './log-line.ts'

export type LogKind = 'build' | 'deploy'

interface LogNews {
  line: [line: StoredLine, kind: LogKind]
}

/** The newest lines of each deployment, in memory only. */
export interface LogStore {
  readonly news: EventEmitter<LogNews>
  add(deployment: Deployment, kind: LogKind, line: ReadLine, instanceId?: string): void
  /** Oldest first. */
  lines(deploymentId: string, kind: LogKind): readonly StoredLine[]
}

const kept = 2_000

export function createLogStore(clock: Clock): LogStore {
  const news = new EventEmitter<LogNews>().setMaxListeners(0)
  const stored = { build: new Map<string, StoredLine[]>(), deploy: new Map<string, StoredLine[]>() }
  let count = 0

  return {
    news,
    add(deployment, kind, line, instanceId) {
      const nanoseconds = String(count++ % 1_000_000).padStart(6, '0')
      const timestamp = clock.now().toISOString().replace('Z', `${nanoseconds}Z`)
      const entry: StoredLine = { ...line, timestamp, tags: tagsOf(deployment, instanceId) }
      const lines = stored[kind].get(deployment.id) ?? []
      stored[kind].set(deployment.id, lines)
      lines.push(entry)
      if (lines.length > kept + 200) lines.splice(0, lines.length - kept)
      news.emit('line', entry, kind)
    },
    lines: (deploymentId, kind) => stored[kind].get(deploymentId) ?? [],
  }
}

function tagsOf(deployment: Deployment, instanceId: string | undefined): LineTags {
  const { projectId, environmentId, serviceId, id } = deployment
  return { projectId, environmentId, serviceId, deploymentId: id, deploymentInstanceId: instanceId ?? null }
}
