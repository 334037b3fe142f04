import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { andList, count } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'How Zapier does: webhooks taken, what is still to be done, what was given up',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {},
  says: [
    'zapier status',
    '(show|check|read|give) [me] [the] zapier status',
    'how is [the] zapier (queue|webhook) [doing]',
    'how are [the] zapier (webhooks|hooks) [doing]',
  ],
  needs: ['zapier'],
  async run(_, { zapier }) {
    const { webhookCount, triggerCount, actionCount, status, queueDepth, deadLetters, oldestSeconds, hooks } = await zapier.status()
    const missing = Object.keys(hooks).filter((hook) => hooks[hook] === 'unconfigured')
    const late = status === 'delayed' ? ` The oldest has waited for ${sayDuration(oldestSeconds * 1_000)}.` : ''
    const dead = deadLetters === 0 ? '' : ` ${count(deadLetters, 'dead letter waits', 'dead letters wait')} for a person.`
    return {
      title: 'Zapier',
      tone: status === 'delayed' || deadLetters > 0 ? 'warning' : 'good',
      sentence: `Zapier is ${status}; ${queueDepth === 0 ? 'nothing is waiting' : `${count(queueDepth, 'thing is', 'things are')} waiting`}.${late}${dead}`,
      facts: [
        { label: 'Webhooks taken', value: webhookCount.toLocaleString('en') },
        { label: 'Triggers and actions sent', value: `${triggerCount.toLocaleString('en')} and ${actionCount.toLocaleString('en')}` },
        { label: 'Hooks that are not configured', value: missing.length === 0 ? 'none' : andList(missing) },
      ],
      actions: [
        { label: 'Recent events', command: 'zapier.events', arguments: {} },
        ...(deadLetters > 0 ? [{ label: 'Dead letters', command: 'zapier.failed', arguments: {} }] : []),
      ],
    }
  },
})
