import { environment } from '#src/kernel/arguments/environment.ts'
import { policy } from '#src/kernel/arguments/policy.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { moment } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'One healing policy: what it does, where it stands, what it decided and why',
  role: 'viewer',
  risk: 'read',
  doors: [...peopleInDiscord, 'rest', 'mcp', 'automation'],
  answer: 'public',
  arguments: { policy: policy('heal'), environment: environment() },
  says: [],
  needs: ['healing', 'policyStops'],
  async run({ policy: name }, { healing, policyStops, call }) {
    const [{ policy: set, sentence, tone, past }, stop] = await Promise.all([
      healing.standing(call.place, name),
      policyStops.stopped(call.place.guild),
    ])
    const at = { policy: set.name, environment: set.environment }
    return {
      title: `Healing policy ${set.name}`,
      tone,
      sentence: `${sentence} ${healing.describe(set)}`,
      facts: [
        { label: 'Service', value: set.service.name },
        { label: 'Environment', value: set.environment },
        { label: 'Mode', value: set.mode },
        { label: 'Set by', value: `${set.byName}, ${moment(set.at)} UTC` },
        ...(past[0] ? [{ label: 'Decided last', value: past[0].sentence }] : []),
        ...(stop ? [{ label: 'Stopped', value: `by ${stop.byName}, ${moment(stop.since)} UTC: ${stop.reason}` }] : []),
      ],
      ...(past.length > 0 && {
        table: {
          head: ['Time', 'Decision', 'Came of it'],
          rows: past.map((each) => [
            `${moment(each.at)} UTC`,
            each.mode === 'simulate' ? `${each.verdict} (simulated)` : each.verdict,
            cameOf(each),
          ]),
        },
      }),
      actions: [
        ...(['act', 'simulate', 'off'] as const)
          .filter((mode) => mode !== set.mode)
          .map((mode) => ({ label: labels[mode], command: 'heal.mode', arguments: { ...at, mode } })),
        { label: 'Remove', command: 'heal.remove', arguments: at, danger: true },
      ],
    }
  },
})

const labels = { act: 'Let it act', simulate: 'Only simulate', off: 'Switch off' } as const

function cameOf({
  answer,
  outcome,
}: {
  readonly answer: { readonly status: string } | undefined
  readonly outcome: string | undefined
}): string {
  return outcome ?? answer?.status ?? '–'
}
