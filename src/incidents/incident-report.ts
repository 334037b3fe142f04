import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { Action, Fact, Report, Tone } from '#src/kernel/report.ts'
import { andMore, count, firstLine, moment } from '#src/kernel/say.ts'
import { byWeight, callsOf, type Kept, type Suspect } from './incident.ts'
import type { Severity } from './incidents.ts'

const tones: Readonly<Record<Severity, Tone>> = { info: 'neutral', warning: 'warning', critical: 'bad' }
const severityWords: Readonly<Record<Severity, string>> = { info: 'Notice', warning: 'Warning', critical: 'Critical' }
const longestLine = 200

/** An incident as its message shows it: the sentence makes sense alone, on a locked phone and to a screen reader. */
export function incidentReport(incident: Kept): Report {
  const { number, severity, state, evidence } = incident
  return {
    title: `Incident ${number}: ${andMore(incident.title, incident.troubles.length - 1)}`,
    tone: state === 'resolved' ? 'good' : tones[severity],
    sentence: state === 'resolved' ? endSentence(incident) : openSentence(incident),
    facts: factsOf(incident),
    ...(evidence.lines &&
      evidence.lines.length > 0 && {
        table: {
          head: ['Time', 'First error lines'],
          rows: evidence.lines.map(({ at, message }) => [at?.slice(11, 19) ?? '', firstLine(message, longestLine)]),
        },
      }),
    actions: actionsOf(incident),
  }
}

function openSentence(incident: Kept): string {
  const { severity, sentence, acknowledgedBy } = incident
  const state = acknowledgedBy === undefined ? 'Nobody has acknowledged it yet.' : `${acknowledgedBy} acknowledged it.`
  return `${severityWords[severity]}: ${named(incident)} in ${incident.environment}. ${sentence} ${state}`
}

function endSentence(incident: Kept): string {
  const { environment, openedAt, resolvedAt, resolvedBy, resolvedWhy = '' } = incident
  const took = sayDuration((resolvedAt ?? openedAt).getTime() - openedAt.getTime())
  const by = resolvedBy === undefined ? 'by itself' : `by ${resolvedBy}`
  return `Resolved ${by} after ${took}: ${named(incident)} in ${environment}. ${resolvedWhy}`.trim()
}

/** The title with the service, where it does not say it already. */
function named({ title, service }: Pick<Kept, 'title' | 'service'>): string {
  return service && !title.includes(service.name) ? `${title} (${service.name})` : title
}

function factsOf(incident: Kept): readonly Fact[] {
  const { environment, service, severity, state, since, openedAt, acknowledgedBy, silencedUntil, escalatedAt, cameBack } = incident
  const [, ...others] = byWeight(incident.troubles)
  return [
    { label: 'State', value: state === 'acknowledged' ? `acknowledged by ${acknowledgedBy ?? 'somebody'}` : state },
    { label: 'Severity', value: severity },
    { label: 'Since', value: `${moment(since)} UTC` },
    // What leads may be newer than the incident.
    ...(since > openedAt ? [{ label: 'Incident opened', value: `${moment(openedAt)} UTC` }] : []),
    ...(service ? [{ label: 'Service', value: service.name }] : []),
    { label: 'Environment', value: environment },
    ...(others.length > 0 ? [{ label: 'And', value: others.map((each) => `${each.title}: ${each.sentence}`).join('\n') }] : []),
    ...(incident.evidence.suspect ? [suspectFact(incident.evidence.suspect, since)] : []),
    ...(silencedUntil && state !== 'resolved' ? [{ label: 'Silenced until', value: `${moment(silencedUntil)} UTC` }] : []),
    ...(escalatedAt ? [{ label: 'Escalated', value: `${moment(escalatedAt)} UTC` }] : []),
    ...(cameBack > 0 ? [{ label: 'Came back', value: count(cameBack, 'time') }] : []),
    ...incident.facts,
  ]
}

function suspectFact({ version, message, author, deployedBy, createdAt }: Suspect, since: Date): Fact {
  const before = since.getTime() - Date.parse(createdAt)
  const words = [
    message === undefined ? version : `${version} “${firstLine(message)}”`,
    author === undefined ? '' : `by ${author}`,
    deployedBy === undefined ? '' : `deployed by ${deployedBy}`,
    before > 0 ? `begun ${sayDuration(before)} before` : '',
  ]
  return { label: 'Suspected deployment', value: words.filter(Boolean).join(', ') }
}

function actionsOf({ number, state, service, environment, evidence, route, called, silencedUntil }: Kept): readonly Action[] {
  const incident = { incident: number }
  if (state === 'resolved') return [{ label: 'Timeline', command: 'incidents.timeline', arguments: incident }]
  const target = service && { service: service.name, environment }
  return [
    ...(state === 'open' ? [{ label: 'Acknowledge', command: 'incidents.ack', arguments: incident }] : []),
    { label: 'Silence 30 min', command: 'incidents.silence', arguments: { ...incident, for: '30m' } },
    { label: 'Silence 2 h', command: 'incidents.silence', arguments: { ...incident, for: '2h' } },
    ...(silencedUntil ? [{ label: 'End the silence', command: 'incidents.silence', arguments: { ...incident, for: '0s' } }] : []),
    { label: 'Silence…', command: 'incidents.choose-silence', arguments: incident },
    ...(callsOf(route).length > called ? [{ label: 'Escalate', command: 'incidents.escalate', arguments: incident }] : []),
    ...(target ? [{ label: 'Restart', command: 'restart', arguments: target }] : []),
    ...(target && evidence.canRollBack ? [{ label: 'Roll back', command: 'rollback', arguments: target, danger: true }] : []),
    { label: 'Resolve', command: 'incidents.resolve', arguments: incident },
    { label: 'Timeline', command: 'incidents.timeline', arguments: incident },
  ]
}
