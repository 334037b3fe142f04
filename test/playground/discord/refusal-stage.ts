import type { DiscordUser } from '#test/support/discord-user.ts'
import { type BareBot, connectBareBot } from './bare-bot.ts'
import { handClock } from './hand-clock.ts'
import { type Rest, type RestAnswer, startDiscord, values } from './running-discord.ts'

/** The emulated Discord with clocks that a test turns, a bot that asks REST by hand, and a member. */
export interface Stage {
  readonly rest: Rest
  readonly user: DiscordUser
  readonly bot: BareBot
  /** Discord's time; `wire` is that of rate limits. */
  readonly clock: ReturnType<typeof handClock>
  readonly wire: ReturnType<typeof handClock>
  readonly general: string
  readonly url: string
  fault(name: string, body?: object): Promise<unknown>
  /** A new interaction of /x, as the bot is told. */
  interaction(): Promise<{ readonly id: string; readonly token: string; readonly callback: string; readonly webhook: string }>
  /** A message of the bot's in #general, and its path. */
  message(body?: object): Promise<{ readonly id: string; readonly path: string }>
  /** Asks so many times, letting no rate limit in. */
  unlimited(count: number, ask: (index: number) => Promise<RestAnswer>): Promise<RestAnswer[]>
  close(): Promise<void>
}

export async function setStage(): Promise<Stage> {
  const clock = handClock()
  const wire = handClock()
  const discord = await startDiscord({ clock, wire, heartbeatMs: 2 ** 31 - 1 })
  const { rest } = discord
  const bot = await connectBareBot(discord.url)
  bot.identify()
  await bot.frame('GUILD_CREATE')
  await rest('PUT', `/applications/${values.applicationId}/guilds/${values.guildId}/commands`, [{ name: 'x', description: 'X' }])
  const user = await discord.user()
  const general = user.channel('general')
  let seen = 0
  return {
    rest,
    user,
    bot,
    clock,
    wire,
    general,
    url: discord.url,
    fault: discord.fault,
    interaction: async () => {
      // The answer is what a test is about; that none comes is no failure of the member's.
      void user.begin('x').catch(() => undefined)
      const { d } = await bot.nth('INTERACTION_CREATE', seen++)
      return { ...d, callback: `/interactions/${d.id}/${d.token}/callback`, webhook: `/webhooks/${values.applicationId}/${d.token}` }
    },
    message: async (body = { content: 'hello' }) => {
      const { id } = (await rest('POST', `/channels/${general}/messages`, body)).body
      return { id, path: `/channels/${general}/messages/${id}` }
    },
    unlimited: async (count, ask) => {
      const answers: RestAnswer[] = []
      for (let index = 0; index < count; index++) {
        if (index % 5 === 0) await wire.turn(5_000)
        answers.push(await ask(index))
      }
      return answers
    },
    close: discord.close,
  }
}
