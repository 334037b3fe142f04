import { readJson } from '#src/kernel/read-json.ts'

/** A line as GraphQL's `Log` shows it. */
export interface StoredLine {
  /** RFC 3339 with nanoseconds, unique within the playground: clients tell lines apart by it. */
  readonly timestamp: string
  readonly severity: string
  readonly message: string
  readonly attributes: readonly { readonly key: string; readonly value: string }[]
  readonly tags: LineTags
}

export interface LineTags {
  readonly projectId: string
  readonly environmentId: string
  readonly serviceId: string
  readonly deploymentId: string
  readonly deploymentInstanceId: string | null
}

export type ReadLine = Pick<StoredLine, 'severity' | 'message' | 'attributes'>

/**
 * What Railway makes of a line on stdout or stderr: of JSON it takes `level` and `message` (or `msg`), and the rest as attributes.
 * https://docs.railway.com/guides/logs#structured-logs; level as pino's number is understood, too.
 */
export function readLine(text: string, from: 'stdout' | 'stderr'): ReadLine {
  const fields = parseObject(text)
  const message = fields?.message ?? fields?.msg
  if (!fields || typeof message !== 'string') return { severity: from === 'stderr' ? 'error' : 'info', message: text, attributes: [] }
  const { level, message: _, msg: __, ...rest } = fields
  const attributes = Object.entries(rest).map(([key, value]) => ({ key, value: JSON.stringify(value) }))
  return { severity: severityOf(level), message, attributes }
}

function severityOf(level: unknown): string {
  if (typeof level === 'string') return level === 'warning' ? 'warn' : level.toLowerCase()
  if (typeof level !== 'number') return 'info'
  return level >= 50 ? 'error' : level >= 40 ? 'warn' : level >= 30 ? 'info' : 'debug'
}

function parseObject(text: string): Record<string, unknown> | undefined {
  // A line that only looks like JSON is a line of text.
  return text.startsWith('{') ? (readJson(text) as Record<string, unknown> | undefined) : undefined
}
