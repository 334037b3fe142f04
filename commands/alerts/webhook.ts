import { defineCommand } from '#src/kernel/command.ts'
import type { Fact } from '#src/kernel/report.ts'
import { ago, count } from '#src/kernel/say.ts'
import type { WebhookAddress } from '#src/webhooks/webhooks.ts'

export default defineCommand({
  describe: 'Where Railway is to send its webhooks, and whether they come: Helix then sees changes within seconds',
  role: 'admin',
  risk: 'read',
  // It shows a secret: to an admin alone, who asked for it.
  doors: ['slash'],
  answer: 'ephemeral',
  arguments: {},
  says: [],
  needs: ['webhooks', 'clock'],
  async run(_, { webhooks, clock, call }) {
    const { address } = webhooks
    const heard = await webhooks.heard(call.place)
    const coming = heard
      ? `${count(heard.taken, 'webhook')} came so far, the last (${heard.lastType}) ${ago(heard.lastAt, clock.now())}.`
      : 'None has come yet.'
    return {
      title: 'Webhooks of Railway',
      tone: address.open ? (heard ? 'good' : 'neutral') : 'warning',
      sentence: address.open ? coming : `This Helix takes no webhooks: it answers no HTTP, since PORT is not set. ${coming}`,
      facts: [
        { label: 'Address', value: address.url ?? `The public address of the bot, and then ${address.path}` },
        ...(address.masked ? [{ label: 'Secret', value: 'The last part, shown shortened, is RAILWAY_WEBHOOK_SECRET.' }] : []),
        ...steps(address),
        ...(heard && heard.known > 0
          ? [{ label: 'Known already', value: `${heard.known.toLocaleString('en')}, and nothing was done twice` }]
          : []),
      ],
    }
  },
})

function steps({ url, masked, open }: WebhookAddress): readonly Fact[] {
  const before = [
    ...(open ? [] : ['Set PORT for the bot, to 8080 say.']),
    ...(url === undefined ? ['Give the bot’s service a public domain (Settings, Networking).'] : []),
  ]
  const then = `In Railway, open the project’s Settings, Webhooks, New Webhook; paste the address${masked ? ' with the whole secret' : ''}; leave all events on; save.`
  const last = 'Whoever knows the address can make Helix look, and open incidents: keep it to yourself.'
  return [{ label: 'To set it up', value: [...before, then, last].map((step, at) => `${at + 1}) ${step}`).join('\n') }]
}
