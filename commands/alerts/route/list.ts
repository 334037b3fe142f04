import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { count } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'Where incidents are told, and who is called',
  role: 'viewer',
  risk: 'read',
  doors: [...peopleInDiscord, 'rest', 'mcp'],
  answer: 'ephemeral',
  arguments: {},
  says: [],
  needs: ['alertRoutes'],
  async run(_, { alertRoutes, call }) {
    const routes = await alertRoutes.described(call.place)
    return {
      title: 'Alert routes',
      tone: 'neutral',
      sentence:
        routes.length === 0
          ? 'No route is set: incidents are told in the server’s system channel, and nobody is mentioned.'
          : `${count(routes.length, 'route')}; what fits none is told in the server’s system channel. Of several that fit, the one that says most counts.`,
      facts: routes.map(({ number, what, where }) => ({ label: `${number}: ${what}`, value: where })),
      actions: [],
    }
  },
})
