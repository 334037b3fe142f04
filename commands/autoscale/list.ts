import { environment } from '#src/kernel/arguments/environment.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { environmentName } from '#src/kernel/environment-name.ts'
import { count } from '#src/kernel/say.ts'
import type { ScaleStanding } from '#src/scaling/scaling.ts'

export default defineCommand({
  describe: 'The services that follow their load, and how each stands',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: { environment: environment() },
  says: [
    '(show|list|read|get) [me] [the|our|all] (autoscaling|auto scaling|autoscale) [policies|rules] [of all services]',
    '(what|which) services (are|get) (autoscaled|auto scaled|scaled automatically)',
  ],
  needs: ['scaling', 'directory'],
  async run(_, { scaling, directory, call }) {
    const [all, where] = await Promise.all([scaling.standings(call.place), environmentName(directory, call.place)])
    const title = `Autoscaling in ${where}`
    if (all.length === 0)
      return { title, tone: 'neutral', sentence: `No service in ${where} is scaled automatically. An admin can say /autoscale set.` }
    const troubled = all.filter(({ tone }) => tone === 'warning' || tone === 'bad')
    return {
      title,
      tone: troubled.length > 0 ? 'warning' : 'good',
      sentence: `${count(all.length, 'service')} in ${where} ${all.length === 1 ? 'has' : 'have'} a scaling policy. ${stateWords(all, troubled)}`,
      facts: all.map(({ policy, told, sentence }) => {
        const replicas = told?.replicas === undefined ? '' : `, ${told.replicas.set} of ${told.bounds.min}–${told.bounds.max}`
        return { label: `${policy.name} (${policy.mode}${replicas})`, value: sentence }
      }),
      actions: all.slice(0, 5).map(({ policy }) => ({
        label: policy.name.slice(0, 34),
        command: 'autoscale.show',
        arguments: { policy: policy.name, environment: where },
      })),
    }
  },
})

function stateWords(all: readonly ScaleStanding[], troubled: readonly ScaleStanding[]): string {
  const [first] = troubled
  if (!first) return all.every(({ policy }) => policy.mode === 'off') ? 'All are off.' : 'All are as they should be.'
  return troubled.length === 1 ? `${first.policy.service.name}: ${first.sentence}` : `${troubled.length} of them are held up.`
}
