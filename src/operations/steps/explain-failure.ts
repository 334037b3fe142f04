import { UpstreamError } from '#src/kernel/errors.ts'
import type { Fact } from '#src/kernel/report.ts'
import { version } from '#src/kernel/say.ts'
import { redact } from '#src/logs/redact.ts'
import { serviceOf } from '../plan.ts'
import type { Run } from '../run.ts'

const logLines = 5
const lineLength = 160

/** Why a deployment went wrong, and what serves now, as far as Railway tells. Nothing here is needed: what cannot be read is left out. */
export async function explainFailure(
  run: Run,
  deployment: string,
): Promise<{ readonly facts: readonly Fact[]; readonly lines: readonly string[] }> {
  const [why, lines, serving] = await Promise.all([
    unlessUnreadable(run, () => run.railway.failures(deployment)),
    unlessUnreadable(run, () => lastLines(run, deployment)),
    unlessUnreadable(run, () => servesNow(run, deployment)),
  ])
  return {
    facts: [
      ...(why && why.length > 0 ? [{ label: 'Why', value: redact(why.join('\n')).slice(0, 900) }] : []),
      ...(serving === undefined ? [] : [{ label: 'Serves after this', value: serving }]),
    ],
    lines: lines ?? [],
  }
}

/** The last errors; where there are none, the last lines. */
async function lastLines({ railway }: Run, deploymentId: string): Promise<readonly string[]> {
  const lines = await railway.logs({ deploymentId, limit: 100 })
  const errors = lines.filter(({ severity }) => /^(err|crit|fatal|alert|emerg|panic)/i.test(severity))
  return (errors.length > 0 ? errors : lines).slice(-logLines).map(({ message }) => redact(message.trim()).slice(0, lineLength))
}

async function servesNow({ railway, operation: { place, change } }: Run, deployment: string): Promise<string> {
  const { serving } = serviceOf(await railway.environment(place.project, place.environment), change)
  if (!serving) return 'nothing'
  return serving.id === deployment ? `${version(serving)}, the new version` : `${version(serving)}, as before`
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
