import type { StandingRule } from '#src/alerts/alerts.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { environmentName } from '#src/kernel/environment-name.ts'
import { count } from '#src/kernel/say.ts'

const order = ['fires', 'pending', 'content', 'disabled']

export default defineCommand({
  describe: 'The alert rules, and which of them fire',
  role: 'viewer',
  risk: 'read',
  doors: [...peopleInDiscord, 'rest', 'mcp', 'automation'],
  answer: 'public',
  arguments: { environment: environment() },
  says: [],
  needs: ['alerts', 'directory'],
  async run(_, { alerts, directory, call }) {
    const [{ rules, file }, where] = await Promise.all([alerts.list(call.place), environmentName(directory, call.place)])
    const firing = rules.filter((each) => many(each, 'firing') > 0)
    return {
      title: `Alert rules in ${where}`,
      tone: file.fault !== undefined || firing.length > 0 ? 'warning' : 'good',
      sentence: [
        `${count(rules.length, 'rule')}; ${firing.length === 0 ? 'none fires' : `${firing.length} of them ${firing.length === 1 ? 'fires' : 'fire'}`}.`,
        file.fault === undefined ? '' : 'The rules file cannot be read: its rules of before hold.',
      ]
        .filter(Boolean)
        .join(' '),
      facts: [
        ...(file.fault === undefined ? [] : [{ label: file.path, value: file.fault }]),
        ...rules
          .toSorted((one, other) => rank(one) - rank(other))
          .map((each) => ({
            label: `${each.rule.name}${each.source === 'file' ? ' (file)' : ''}: ${state(each)}`,
            value: `${each.rule.severity}: ${each.says}`,
          })),
      ],
    }
  },
})

function state(each: StandingRule): string {
  if (!each.rule.enabled) return 'disabled'
  const [firing, pending] = [many(each, 'firing'), many(each, 'pending')]
  return [firing > 0 ? `fires (${firing})` : '', pending > 0 ? `pending (${pending})` : ''].filter(Boolean).join(', ') || 'content'
}

/** What fires comes first. */
function rank(each: StandingRule): number {
  return order.findIndex((word) => state(each).startsWith(word))
}

function many({ standings }: StandingRule, phase: string): number {
  return standings.filter((each) => each.phase === phase).length
}
