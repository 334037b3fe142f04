import { optional } from '#src/kernel/argument.ts'
import { duration, sayDuration } from '#src/kernel/arguments/duration.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { policy } from '#src/kernel/arguments/policy.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import type { Fact } from '#src/kernel/report.ts'
import { age, moment } from '#src/kernel/say.ts'
import type { PastDecision } from '#src/policies/decision.ts'
import type { Drawn, ScaleStanding } from '#src/scaling/scaling.ts'

const HOUR = 3_600_000
const MOST_DECISIONS = 8
/** A fact at Discord has 1,024. */
const MOST_CHARACTERS = 950

export default defineCommand({
  describe: 'One scaling policy: load against targets, decisions and why',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {
    policy: { ...policy('scale', 'the policy’s name, or its service’s'), said: 'service' },
    window: optional(
      duration('how far back the picture goes', { minMs: 10 * 60_000, maxMs: 14 * 24 * HOUR, common: ['1h', '3h', '24h', '7d', '14d'] }),
      3 * HOUR,
    ),
    environment: environment(),
  },
  says: [
    '(show|read|get|tell|give) [me] [the] (autoscaling|auto scaling) (of|for) [the] {policy}',
    '(why|how) (is|was) [the] {policy} (autoscaled|auto scaled|scaled automatically)',
    '(show|read|get|tell|give) [me] [the] {policy} (autoscaling|auto scaling)',
  ],
  needs: ['scaling', 'charts', 'clock'],
  async run({ policy: name, window }, { scaling, charts, clock, call }) {
    const now = clock.now()
    const standing = await scaling.standing(call.place, name)
    const { policy: own, says, sentence, tone, past } = standing
    const title = `Autoscaling of ${own.service.name}`
    const drawn = await scaling.draw(call.place, own, window)
    return {
      title,
      tone,
      sentence: `${own.service.name} in ${own.environment}: ${sentence}`,
      facts: [
        { label: 'Keeps', value: `${says} (${own.mode})` },
        ...nowFacts(standing, now),
        ...standing.rules,
        ...decisionFacts(past, now),
        { label: 'Confirmed by', value: `${own.byName}, ${age(own.at, now)} ago` },
      ],
      table: {
        head: ['', 'Now, each replica', 'Target', 'Takes'],
        rows: (standing.told?.figures ?? []).map(({ name: label, value, target, takes }) => [
          label,
          value,
          target,
          takes?.toString() ?? '–',
        ]),
      },
      ...(drawn && { picture: await picture(title, drawn, window, sentence) }),
      actions: [
        { label: 'Simulate', command: 'autoscale.simulate', arguments: { policy: own.name, environment: own.environment } },
        ...(own.mode === 'off'
          ? []
          : [
              {
                label: 'Switch it off',
                command: 'autoscale.mode',
                arguments: { policy: own.name, mode: 'off', environment: own.environment },
              },
            ]),
      ],
    }

    async function picture(heading: string, { panels, from, to }: Drawn, ms: number, says: string) {
      const alt = `Chart of replicas and load over ${sayDuration(ms)}. ${says}`.slice(0, 1_000)
      return { png: await charts.draw(heading, panels, { from, to }), alt }
    }
  },
})

function nowFacts({ told, rests }: ScaleStanding, now: Date): readonly Fact[] {
  if (!told) return []
  const { min, max, by } = told.bounds
  const left = (at: Date) => sayDuration(Math.max(1_000, at.getTime() - now.getTime()))
  const resting = [rests.up && `adds again in ${left(rests.up)}`, rests.down && `takes away again in ${left(rests.down)}`].filter(Boolean)
  return [
    ...(told.replicas ? [{ label: 'Replicas', value: `${told.replicas.running} run, ${told.replicas.set} are set` }] : []),
    { label: 'Bounds now', value: `${min} to ${max}${by === undefined ? '' : `, by the schedule ${by}`}` },
    ...(resting.length > 0 ? [{ label: 'Rests', value: resting.join('; ') }] : []),
    { label: 'Decided', value: `${age(new Date(told.at), now)} ago` },
  ]
}

function decisionFacts(past: readonly PastDecision[], now: Date): readonly Fact[] {
  if (past.length === 0) return [{ label: 'Decisions', value: 'none yet' }]
  const lines = past.slice(0, MOST_DECISIONS).map((each) => decisionLine(each, now))
  while (lines.length > 1 && lines.join('\n').length > MOST_CHARACTERS) lines.pop()
  return [{ label: 'Last decisions', value: lines.join('\n') }]
}

/** `21 Nov 12:00 UTC, 5 min ago: Scale api from 2 to 3 replicas: …`. */
function decisionLine({ at, sentence, act, mode, answer, outcome }: PastDecision, now: Date): string {
  return `${moment(at)} UTC, ${age(at, now)} ago: ${sentence}${act ? ` (${came(mode, answer, outcome)})` : ''}`
}

function came(mode: PastDecision['mode'], answer: PastDecision['answer'], outcome: PastDecision['outcome']): string {
  if (mode !== 'act') return 'simulated'
  if (!answer) return 'being asked for'
  return answer.status === 'started' ? (outcome ?? 'done') : `${answer.status}: ${answer.sentence}`
}
