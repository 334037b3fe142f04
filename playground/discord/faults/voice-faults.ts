import { z } from 'zod'
import { mishaps } from '../voice/network.ts'
import type { Voice } from '../voice/voice.ts'
import type { World } from '../world.ts'
import type { Faults, Undo } from './fault.ts'
import { fault, notThere } from './fault.ts'

const percent = z.int().min(0).max(100)
const milliseconds = z.int().min(0).max(60_000)
const voiceChannel = 2

/** What goes wrong with the bot in a voice channel. */
export function voiceFaults(world: World, voice: Voice, undo: Undo): Faults {
  const { network, server, states } = voice
  const bot = world.application.id

  function channelOfBot(): string {
    const channel = states.of(bot)?.channel_id
    if (!channel) throw notThere('The bot is in no voice channel.')
    return channel
  }
  function lineOfBot() {
    const line = server.client(bot)?.line
    if (!line) throw notThere('The bot is not connected to the voice server.')
    return line
  }
  const lasting = () => undo.add(network.clear)

  return {
    'voice-drop': fault(
      "Break the bot's voice connection, so that it resumes (4015: the voice server crashed)",
      z.object({ how: z.enum(['cut', '4015']).default('cut') }),
      ({ how }) => lineOfBot().close(how === 'cut' ? 'cut' : 4015),
    ),
    'voice-invalid': fault("Declare the bot's voice session invalid (4006): it has to join anew", z.object({}), () => {
      lineOfBot()
      server.dismiss(bot, 4006)
    }),
    'voice-kick': fault('Put the bot out of its voice channel (4014)', z.object({}), () => {
      channelOfBot()
      states.put(bot, null)
    }),
    'voice-move': fault(
      'Move the bot to another voice channel',
      z.object({ channel: z.string().describe('Name or id of the voice channel') }),
      async ({ channel }) => {
        channelOfBot()
        const found = [...world.channels.values()].find((each) => each.type === voiceChannel && [each.id, each.name].includes(channel))
        if (!found) throw notThere(`There is no voice channel ${channel}.`)
        if (states.put(bot, found.id)) await voice.serve(bot)
      },
    ),
    'voice-server-change': fault(
      'Take the voice server away and give the bot another',
      z.object({ afterMs: milliseconds.default(500).describe('How long there is none') }),
      async ({ afterMs }) => {
        channelOfBot()
        await voice.serve(bot, true)
        server.dismiss(bot, 4014)
        await world.clock.sleep(afterMs)
        await voice.serve(bot)
      },
    ),
    'voice-loss': fault(
      'Lose packets that members speak, until it is cleared',
      z.object({ percent: percent.default(10).describe('Of each hundred') }),
      ({ percent: share }) => {
        network.lose(share)
        lasting()
      },
    ),
    'voice-packets': fault(
      'Spoil the next packets that members speak',
      z.object({ kind: z.enum(mishaps).default('undecryptable'), count: z.int().min(1).max(10_000).default(1) }),
      ({ kind, count }) => {
        network.befall(kind, count)
        lasting()
      },
    ),
    'voice-late': fault(
      'Tell the bot late: of end-to-end encryption, or of who speaks',
      z.object({ what: z.enum(['dave', 'speaking']).default('dave'), ms: milliseconds.default(2_000) }),
      ({ what, ms }) => {
        network.delays[what] = ms
        lasting()
      },
    ),
    'voice-encryption': fault(
      "Take end-to-end encryption from the bot's call, as for a client that does not know it, or give it back",
      z.object({ version: z.literal([0, 1]).default(0) }),
      ({ version }) => voice.call(channelOfBot())?.setVersion(version),
    ),
  }
}
