import type { DiscordGateway, DiscordInspection } from '#src/adapters/discord/discord.ts'
import { actorName, type Call, type Place } from '#src/kernel/call.ts'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import type { Report } from '#src/kernel/report.ts'
import type { Places } from '#src/places/places.ts'
import type { Consents } from './consents.ts'
import { noticeOf, voiceNews } from './notice.ts'
import type { VoiceRooms } from './room.ts'
import { openSession, type Session, type SessionParts } from './session.ts'
import type { SessionRow, SessionRows } from './session-rows.ts'
import type { SpeechBudget } from './speech-budget.ts'
import type { Transcripts } from './transcripts.ts'
import type { Voice, VoiceStatus } from './voice.ts'
import type { VoiceSettingsStore } from './voice-settings.ts'

export interface VoiceParts extends Omit<SessionParts, 'consents' | 'transcripts' | 'delivery'> {
  readonly delivery: SessionParts['delivery'] & { newest(subject: string): Promise<Report | undefined> }
  /** Undefined: this process has no session with Discord's gateway. */
  readonly rooms: VoiceRooms | undefined
  readonly gateway: (Pick<DiscordGateway, 'voiceStates'> & { readonly voice: Pick<DiscordGateway['voice'], 'channel'> }) | undefined
  readonly inspection: Pick<DiscordInspection, 'guild'>
  readonly places: Pick<Places, 'of'>
  readonly consents: Consents
  readonly transcripts: Transcripts
  readonly settings: VoiceSettingsStore
  readonly rows: SessionRows
  readonly budget: SpeechBudget
  /** Who understands and speaks, or what is missing for that. */
  readonly speech: { readonly by: string } | { readonly missing: string }
  settled(operation: string): Promise<void>
}

/** Push to talk: how long after the press, in ms. */
const ATTENTIVE_MS = 15_000
const KEEP_USAGE_MS = 40 * 86_400_000

const why = {
  kicked: 'was put out of the voice channel',
  'channel deleted': 'left, as the voice channel was deleted',
  'connection lost': 'lost the connection to the voice channel',
  left: 'left the voice channel',
} as const

export function createVoice(parts: VoiceParts): Voice {
  const { rooms, gateway, inspection, places, consents, transcripts, settings, rows, budget, speech, delivery, store, clock } = parts
  const sessions = new Map<string, Session>()
  const joining = new Set<string>()

  /** Mentions are shown as they are written, so channels are named. */
  function named(guild: string, id: string): string {
    const channel = gateway?.voice.channel(guild, id)
    if (!channel) return 'a channel that is gone'
    return channel.kind === 'other' ? `#${channel.name}` : channel.name
  }

  function statusOf({ room, row, talks }: Session): VoiceStatus {
    const listening = [...talks.values()]
    return {
      voiceChannel: named(row.guild, room.channel),
      textChannel: named(row.guild, row.textChannel),
      since: row.since,
      members: room.members().length,
      listeningTo: listening.map(({ name }) => name),
      waiting: listening.filter(({ pending }) => pending !== undefined).length,
    }
  }

  async function open(place: Place, row: SessionRow): Promise<Session> {
    const { guild } = place
    if (!rooms) throw new UserError('This process of Helix hears nothing of Discord, so it cannot join.')
    if (joining.has(guild)) throw new UserError('Helix is joining already.')
    joining.add(guild)
    try {
      const end = (reason: string) => over(guild, reason)
      const session = await openSession(parts, rooms, {
        ...{ place, row, settings: await settings.of(guild) },
        onMoved: async (moved) => {
          await rows.keep(moved)
          await session.tell(noticeOf(`Helix was moved to ${named(guild, moved.voiceChannel)}.`, statusOf(session), session.settings))
        },
        onGone: (reason) => end(why[reason]),
        onEmpty: () => end('left, as nobody was in the voice channel any more'),
      })
      sessions.set(guild, session)
      await rows.keep(row)
      await session.begin()
      return session
    } finally {
      joining.delete(guild)
    }
  }

  /** Told once, whatever ended it. */
  async function over(guild: string, reason: string): Promise<void> {
    const session = sessions.get(guild)
    if (!session) return
    sessions.delete(guild)
    await rows.forget(guild)
    await session.close('cannot be heard any more')
    await session.tell(voiceNews('warning', `Helix ${reason}. What waited for a confirmation is cancelled. /voice join brings it back.`))
  }

  function memberOf({ actor }: Call): string {
    if (actor.kind === 'member') return actor.id
    throw new UserError('Only members of the server can be in a voice channel.')
  }

  /** Questions of before the start have lost whoever would carry them out. */
  async function closeOpen(guild: string): Promise<void> {
    for (const spoken of await transcripts.open(guild)) {
      const { id, place } = spoken
      const shown = await delivery.newest(id)
      const outcome = 'Helix was restarted before this was confirmed, so nothing was done.'
      await store.db.transaction().execute(async (tx) => {
        await transcripts.keep(spoken, { isNew: false, command: undefined, outcome }, tx)
        if (shown)
          await delivery.revise(tx, id, { ...shown, title: 'Not confirmed', tone: 'neutral', sentence: outcome, actions: [] }, place)
      })
    }
  }

  async function back(row: SessionRow): Promise<void> {
    const { guild, voiceChannel } = row
    const place = places.of(guild)
    if (!place || sessions.has(guild)) return
    await closeOpen(guild)
    const there = [...gateway!.voiceStates(guild)].flatMap(([user, channel]) => (channel === voiceChannel ? [user] : []))
    const heard = await consents.among(guild, there)
    const tell = (report: Report) => parts.tell(place, row.textChannel, report)
    if (heard.length === 0) {
      await rows.forget(guild)
      return tell(voiceNews('neutral', `Helix was restarted and left ${named(guild, voiceChannel)}, as nobody is there who may be heard.`))
    }
    try {
      const session = await open(place, row)
      const opening = `Helix was restarted and is back in ${named(guild, voiceChannel)}. What waited for a confirmation is cancelled.`
      await tell(noticeOf(opening, statusOf(session), session.settings))
    } catch (error) {
      if (!(error instanceof UserError || error instanceof UpstreamError)) throw error
      await rows.forget(guild)
      await tell(voiceNews('warning', `Helix was restarted and could not come back to ${named(guild, voiceChannel)}. ${error.message}`))
    }
  }

  return {
    async join(call) {
      const { guild } = call.place
      const user = memberOf(call)
      const voiceChannel = gateway?.voiceStates(guild).get(user)
      if (voiceChannel === undefined) throw new UserError('You are in no voice channel: join one first, then Helix comes to you.')
      if ('missing' in speech) throw new UserError(speech.missing)
      const known = sessions.get(guild)
      if (known && known.room.channel !== voiceChannel && known.room.members().length > 0) {
        throw new UserError(
          `Helix is in ${named(guild, known.room.channel)}, and can be in one voice channel at a time. /voice leave makes it free.`,
        )
      }
      await consents.give(guild, user)
      if (known && known.room.channel === voiceChannel) {
        await known.hear(user)
        return noticeOf(`Helix is in ${named(guild, voiceChannel)} already.`, statusOf(known), known.settings)
      }
      if (known) await over(guild, `left ${named(guild, known.room.channel)}, as it was called elsewhere`)
      const { channel } = await settings.of(guild)
      const textChannel = channel ?? call.reply?.channel ?? voiceChannel
      const session = await open(call.place, { guild, voiceChannel, textChannel, startedBy: user, since: clock.now() })
      const report = noticeOf(
        `${actorName(call.actor)} brought Helix into ${named(guild, voiceChannel)}.`,
        statusOf(session),
        session.settings,
      )
      if (textChannel !== call.reply?.channel) await session.tell(report)
      return report
    },
    async leave({ place: { guild } }) {
      const session = sessions.get(guild)
      if (!session) throw new UserError('Helix is in no voice channel.')
      sessions.delete(guild)
      await rows.forget(guild)
      const { channel } = session.room
      await session.close('cannot be heard any more, as Helix left')
      return named(guild, channel)
    },
    channelName: named,
    status(guild) {
      const session = sessions.get(guild)
      return session && statusOf(session)
    },
    async examine(guild) {
      const session = sessions.get(guild)
      return {
        figures: session?.room.figures(),
        latencies: session?.latencies ?? [],
        speech,
        budget: await budget.state(guild),
        settings: await settings.of(guild),
      }
    },
    consent: consents.since,
    async optIn(guild, user) {
      await consents.give(guild, user)
      return (await sessions.get(guild)?.hear(user)) ?? false
    },
    async optOut(guild, user) {
      const session = sessions.get(guild)
      const talk = session?.talks.get(user)
      await session?.ignore(user, 'withdrew the consent')
      await consents.withdraw(guild, user)
      // Who came in at that very moment was asked about before it was withdrawn.
      await session?.ignore(user, 'withdrew the consent')
      await talk?.tail
      return transcripts.forget(guild, user)
    },
    attend(guild, user) {
      const talk = sessions.get(guild)?.talks.get(user)
      if (!talk) throw new UserError('Helix does not hear you: join its voice channel and agree with /voice consent first.')
      const from = clock.now()
      talk.attentive = { from, until: new Date(from.getTime() + ATTENTIVE_MS) }
    },
    settings: settings.of,
    async change(guild, changed) {
      if (changed.channel !== undefined) await checkChannel(guild, changed.channel)
      const { language, voice } = { ...(await settings.of(guild)), ...changed }
      if (changed.voice !== undefined || changed.language !== undefined) await checkVoice(language, voice)
      const now = await settings.change(guild, changed)
      const session = sessions.get(guild)
      if (session) session.settings = now
      return now
    },
    async resume() {
      if (rooms) for (const row of await rows.all()) await back(row)
    },
    settled: parts.settled,
    async prune() {
      await transcripts.prune()
      await budget.prune(new Date(clock.now().getTime() - KEEP_USAGE_MS))
    },
    async stop() {
      const all = [...sessions.values()]
      sessions.clear()
      for (const session of all) await session.close('cannot be heard any more, as Helix stopped')
      await rooms?.close()
    },
  }

  async function checkChannel(guild: string, id: string): Promise<void> {
    const standing = await inspection.guild(guild)
    const found = standing?.channels.find((channel) => channel.id === id && channel.kind === 'text')
    if (!found) throw new UserError('There is no such text channel on this server that Helix sees. Nothing was changed.')
    if (found.lacks.length > 0) {
      throw new UserError(`Helix lacks permissions in ${named(guild, id)}: ${found.lacks.join(', ')}. Nothing was changed.`)
    }
  }

  /** Said once, so that nobody finds out in the middle of a conversation. */
  async function checkVoice(language: string, voice: string | undefined): Promise<void> {
    if (!parts.voiceOver) return
    try {
      await parts.voiceOver({ text: 'Ready.', language, ...(voice !== undefined && { voice }) })
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.fault.outcome !== 'refused') throw error
      throw new UserError(`Nothing was changed: ${voice ?? 'a voice'} for ${language} is not to be had. ${error.message}`)
    }
  }
}
