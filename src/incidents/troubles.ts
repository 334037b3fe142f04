import type { Transaction } from '#src/adapters/store/store.ts'
import { version } from '#src/kernel/say.ts'
import { byWeight, type Evidence, type Kept, type OpenTrouble } from './incident.ts'
import type { Trouble } from './incidents.ts'

/** Told of the first time, or again. */
export async function put(tx: Transaction, incident: string, trouble: Trouble): Promise<void> {
  const { guild, project, environment } = trouble.place
  const { fingerprint, evidence, ...told } = openOne(trouble)
  const written = { ...told, evidence: JSON.stringify(evidence) }
  await tx
    .insertInto('incident_troubles')
    .values({ incident, guild, project, environment, fingerprint, ...written, over_at: null })
    .onConflict((conflict) =>
      conflict.columns(['guild', 'project', 'environment', 'fingerprint']).where('over_at', 'is', null).doUpdateSet(written),
    )
    .execute()
}

export function openOne(trouble: Trouble): OpenTrouble {
  const { fingerprint, severity, title, sentence, since, outage = false } = trouble
  return { fingerprint, severity, title, sentence, since, outage, evidence: given(trouble) }
}

/** The incident is named after the first of its troubles, and what led to that is found out anew where it is another than before. */
export async function lead(tx: Transaction, incident: Kept, troubles: readonly OpenTrouble[], now: Date): Promise<void> {
  const [first] = byWeight(troubles)
  const [before] = byWeight(incident.troubles)
  if (!first) return
  const { severity, title, sentence, since } = first
  const isOther = first.fingerprint !== before?.fingerprint || since.getTime() !== before.since.getTime()
  const { canRollBack } = incident.evidence
  const evidence: Evidence = { ...first.evidence, ...(canRollBack !== undefined && { canRollBack }) }
  const anew = { evidence: JSON.stringify(evidence), evidence_due: incident.service ? now : null, evidence_tries: 0 }
  await tx
    .updateTable('incidents')
    .set({ severity, title, sentence, since, ...(isOther && anew) })
    .where('id', '=', incident.id)
    .execute()
}

/** What whoever tells of it knows already. */
export function given({ suspect, lines }: Trouble): Evidence {
  return {
    ...(suspect && {
      suspect: {
        ...{ id: suspect.id, version: version(suspect), createdAt: suspect.createdAt.toISOString() },
        ...(suspect.message !== undefined && { message: suspect.message }),
        ...(suspect.author !== undefined && { author: suspect.author }),
      },
    }),
    ...(lines && { lines: lines.map((message) => ({ message })) }),
  }
}
