import { UpstreamError } from '#src/kernel/errors.ts'
import { firstLine, version } from '#src/kernel/say.ts'
import { redact } from '#src/logs/redact.ts'
import type { Verdict } from '../operation.ts'
import { serviceOf } from '../plan.ts'
import { failed, type Run } from '../run.ts'

const logLines = 5
const lineLength = 160

/**
 * The verdict on a deployment that went wrong: the sentence, why, and what serves now, as far as Railway tells. What cannot be read is
 * left out.
 */
export async function failedDeployment(run: Run, sentence: string, deployment: string): Promise<Verdict> {
  const [why = [], lines = [], serving] = await Promise.all([
    unlessUnreadable(run, () => run.railway.failures(deployment)),
    unlessUnreadable(run, () => lastLines(run, deployment)),
    unlessUnreadable(run, () => servesNow(run, deployment)),
  ])
  const reasons = why.map(redact)
  const first = firstLine(reasons[0], 200).replace(/[.…]*$/, '')
  const isToldWhole = reasons.length <= 1 && first === (reasons[0] ?? '').trim().replace(/[.…]*$/, '')
  return failed([sentence, ...(first === '' ? [] : [`${first}.`]), ...(serving === undefined ? [] : [serving])].join(' '), {
    facts: isToldWhole ? [] : [{ label: 'Why', value: reasons.join('\n').slice(0, 900) }],
    lines,
  })
}

/** The last errors; where there are none, the last lines. */
async function lastLines({ railway }: Run, deploymentId: string): Promise<readonly string[]> {
  const lines = await railway.logs({ deploymentId, limit: 100 })
  const errors = lines.filter(({ severity }) => /^(err|crit|fatal|alert|emerg|panic)/i.test(severity))
  return (errors.length > 0 ? errors : lines).slice(-logLines).map(({ message }) => redact(message.trim()).slice(0, lineLength))
}

async function servesNow({ railway, operation: { place, change } }: Run, deployment: string): Promise<string> {
  const { serving } = serviceOf(await railway.environment(place.project, place.environment), change)
  if (!serving) return 'Nothing serves now.'
  return serving.id === deployment ? `The new version, ${version(serving)}, is what serves.` : `${version(serving)} serves as before.`
}

async function unlessUnreadable<Value>({ log, operation }: Run, read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    log.info({ operation: operation.id, reason: error.message }, 'why it failed cannot be read')
    return undefined
  }
}
