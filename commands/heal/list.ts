import { environment } from '#src/kernel/arguments/environment.ts'
import { defineCommand } from '#src/kernel/command.ts'
import { environmentName } from '#src/kernel/environment-name.ts'
import { andList, count, moment } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'The healing policies: what each heals, and what it does at this moment',
  role: 'viewer',
  risk: 'read',
  doors: ['slash', 'button', 'voice', 'rest', 'mcp', 'automation'],
  answer: 'public',
  arguments: { environment: environment() },
  says: [
    '(show|list|read) [me] [the|all] (healing|self healing) policies [(of|in|for) {environment}]',
    '(what is|what does) (healing|self healing) [doing|do] [(of|in|for) {environment}]',
  ],
  needs: ['healing', 'policyStops', 'directory'],
  async run(_, { healing, policyStops, directory, call }) {
    const { place } = call
    const [all, stop, where] = await Promise.all([
      healing.standings(place),
      policyStops.stopped(place.guild),
      environmentName(directory, place),
    ])
    const bad = all.filter(({ tone }) => tone === 'bad')
    const busy = all.filter(({ tone }) => tone === 'warning')
    const sentence = [
      stop ? `Healing and scaling are stopped by ${stop.byName} (“${stop.reason}”).` : '',
      all.length === 0
        ? `Nothing is healed in ${where} yet: /heal set begins.`
        : `${count(all.length, 'healing policy', 'healing policies')} in ${where}.`,
      bad.length > 0 ? `${andList(bad.map(({ policy }) => policy.name))} gave up.` : '',
      busy.length > 0 && !stop ? `${andList(busy.map(({ policy }) => policy.name))} ${busy.length === 1 ? 'is' : 'are'} at work.` : '',
    ]
    return {
      title: `Healing in ${where}`,
      tone: bad.length > 0 ? 'bad' : stop || busy.length > 0 ? 'warning' : all.length > 0 ? 'good' : 'neutral',
      sentence: sentence.filter(Boolean).join(' '),
      facts: stop ? [{ label: 'Stopped', value: `by ${stop.byName}, ${moment(stop.since)} UTC: ${stop.reason}` }] : [],
      ...(all.length > 0 && {
        table: {
          head: ['Policy', 'Now', 'Steps'],
          rows: all.map(({ policy, sentence, steps }) => [policy.name, sentence, steps]),
        },
      }),
      actions: stop ? [{ label: 'Resume', command: 'heal.resume', arguments: {} }] : [],
    }
  },
})
