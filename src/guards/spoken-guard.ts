import { createHash } from 'node:crypto'
import { actorKey, actorName, type Call } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { type Entry, type Guard, type Intent, isRun } from '#src/kernel/dispatch.ts'
import type { Confirms, Fact, Report } from '#src/kernel/report.ts'
import type { Places } from '#src/places/places.ts'
import { whyConsent } from './consent.ts'

/** How long a question that was read back waits: for a word or a press, or, where a word is not enough, for a press alone; in ms. */
export const spokenQuestionMs = { word: 20_000, press: 60_000 } as const

interface Asked {
  readonly digest: string
  readonly seen: readonly Fact[]
  readonly sentence: string
  readonly facts: readonly Fact[]
  /** Why a word is not enough. */
  readonly why: string | undefined
}

/** Recognisers mishear: whatever would be changed is read back first, and what matters most is never confirmed by a word. */
export function spokenGuard(places: Pick<Places, 'isProduction'>, clock: Clock): Guard<Intent> {
  return async (step, goOn) => {
    const { call, plan } = step
    const why = whyConsent(step, places)
    if (isConfirmed(call, plan.digest, why)) return goOn()
    return question(call, { ...plan, why }, clock)
  }
}

/** The same for commands that change something by themselves, without a plan. */
export function spokenRunGuard(clock: Clock): Guard<Entry> {
  return async ({ call, command }, goOn) => {
    const isSpoken = call.door === 'voice' || (call.exchange !== undefined && call.confirmed !== undefined)
    if (!isSpoken || command.risk === 'read' || !isRun(command)) return goOn()
    const why = command.risk === 'destructive' ? 'This cannot be undone' : undefined
    const digest = createHash('sha256')
      .update(JSON.stringify([call.command, call.place, call.raw]))
      .digest('base64url')
    if (isConfirmed(call, digest, why)) return goOn()
    const facts = Object.entries(call.raw).map(([label, value]) => ({ label, value: String(value) }))
    const given = facts.map(({ label, value }) => `${label} ${value}`).join(', ')
    const words = `${call.command.replaceAll('.', ' ')}${given === '' ? '' : `, ${given}`}`
    const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
    return question(call, { digest, seen: [], sentence, facts, why }, clock)
  }
}

/** A press always counts; a word only where nothing asks for a press. */
function isConfirmed({ confirmed, door }: Call, digest: string, why: string | undefined): boolean {
  return confirmed?.digest === digest && (door === 'button' || why === undefined)
}

function question(call: Call, { digest, seen, sentence, facts, why }: Asked, clock: Clock): Report {
  const aloud = why === undefined
  const waitMs = aloud ? spokenQuestionMs.word : spokenQuestionMs.press
  const confirms: Confirms = {
    ...{ by: actorKey(call.actor), digest, seen, aloud },
    ...(call.exchange !== undefined && { exchange: call.exchange }),
    until: new Date(clock.now().getTime() + waitMs).toISOString(),
  }
  const changed = call.confirmed ? ' This is not what it was when you were asked before, so nothing was done yet.' : ''
  const how = aloud ? 'says “confirm” or presses the button' : 'presses the button'
  const because = why === undefined ? 'Nothing happens' : `${why}, so nothing happens`
  return {
    title: 'Please confirm',
    tone: 'warning',
    sentence: `${sentence}${changed} ${because} before ${actorName(call.actor)} ${how} (within ${waitMs / 1_000} s).`,
    facts,
    actions: [
      { label: 'Confirm', command: call.command, arguments: call.raw, danger: true, confirms },
      { label: 'Cancel', command: 'confirmation.cancel', arguments: {}, confirms },
    ],
  }
}
