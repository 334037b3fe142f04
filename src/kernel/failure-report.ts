import { randomBytes } from 'node:crypto'
import { sayDuration } from './arguments/duration.ts'
import { ConfigError, UpstreamError, type UpstreamFault, UserError } from './errors.ts'
import type { Log } from './log.ts'
import type { Report } from './report.ts'

/**
 * What a member reads when a call failed before anything was started, by the error's audience. A bug gets an incident id that
 * stands in the log as well; its text stays there.
 */
export function failureReport(error: unknown, log: Log): Report {
  if (error instanceof UserError) {
    return { title: 'Not done', tone: 'warning', sentence: error.message, actions: error.actions }
  }
  if (error instanceof UpstreamError) {
    const { provider, operation, outcome, traceId, status, reached } = error.fault
    log.warn({ provider, operation, outcome, traceId, status }, 'a provider failed a call')
    return {
      title: outcome === 'refused' && reached !== false ? `${provider} refused` : `${provider} cannot be reached`,
      tone: 'bad',
      sentence: `${error.message} ${consequence(error.fault)}`,
      facts: traceId === undefined ? [] : [{ label: 'Trace', value: traceId }],
    }
  }
  const incident = randomBytes(4).toString('hex')
  log.error({ err: error, incident }, error instanceof ConfigError ? 'configuration is wrong' : 'a call ran into a bug')
  return {
    title: 'Something went wrong inside Helix',
    tone: 'bad',
    sentence: `Helix ran into a fault of its own and did not start anything. Tell an admin the incident ${incident}: it stands in the log.`,
    facts: [{ label: 'Incident', value: incident }],
  }
}

/** Providers' messages say neither what came of the request nor when to ask again: this does. */
function consequence({ outcome, retryable, readOnly, retryAfterMs = 0 }: UpstreamFault): string {
  const again = `Try again in ${retryAfterMs >= 1 ? sayDuration(Math.ceil(retryAfterMs / 1_000) * 1_000) : 'a moment'}`
  if (outcome === 'refused' || readOnly) return retryable ? `Nothing was changed. ${again}.` : 'Nothing was changed.'
  return retryable ? `${again}: asking twice does no harm.` : 'Whether anything was changed is not known: look before you try again.'
}
