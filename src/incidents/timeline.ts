import type { Kept } from './incident.ts'
import type { Reader } from './rows.ts'

/** The whole story of an incident as Markdown, times in UTC. What others wrote stands in it as text, never as Markdown of theirs. */
export async function timelineOf(db: Reader, incident: Kept): Promise<string> {
  const rows = await db
    .selectFrom('incident_timeline')
    .select(['at', 'sentence'])
    .where('incident', '=', incident.id)
    .orderBy('id')
    .execute()
  const { number, title, environment, service, severity, state, since, evidence } = incident
  const facts = [
    `- State: ${state}${incident.acknowledgedBy === undefined ? '' : `, acknowledged by ${asText(incident.acknowledgedBy)}`}`,
    `- Severity: ${severity}`,
    ...(service ? [`- Service: ${asText(service.name)}`] : []),
    `- Environment: ${asText(environment)}`,
    `- Since: ${utc(since)}`,
    ...(evidence.suspect ? [`- Suspected deployment: ${asText(suspectWords(evidence.suspect))}`] : []),
  ]
  const lines = evidence.lines ?? []
  return [
    `# Incident ${number}: ${asText(title)}`,
    facts.join('\n'),
    '## Timeline',
    rows.map(({ at, sentence }) => `- ${utc(at)} ${asText(sentence)}`).join('\n'),
    ...(lines.length > 0 ? ['## First error lines', codeBlock(lines.map(({ message }) => message))] : []),
  ].join('\n\n')
}

function suspectWords({ version, message, author, deployedBy }: NonNullable<Kept['evidence']['suspect']>): string {
  return [
    version,
    message === undefined ? '' : `“${message}”`,
    author === undefined ? '' : `by ${author}`,
    deployedBy === undefined ? '' : `deployed by ${deployedBy}`,
  ]
    .filter(Boolean)
    .join(', ')
}

function utc(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ')
}

/** Every sign that Markdown or Discord would act on is escaped; a zero-width space keeps mentions from being any. */
function asText(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_[\]()<>#|~]/g, '\\$&')
    .replaceAll('@', '@\u200b')
    .replaceAll(/:\/\//g, ':\u200b//')
}

function codeBlock(lines: readonly string[]): string {
  return `\`\`\`\n${lines.map((line) => oneLine(line).replaceAll('`', '\u02cb')).join('\n')}\n\`\`\``
}

/** In one line, without what turns the direction of writing or a terminal would act on. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .toWellFormed()
}
