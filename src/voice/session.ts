import type { DiscordMembers } from '#src/adapters/discord/discord.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Report } from '#src/kernel/report.ts'
import type { Permissions } from '#src/permissions/permissions.ts'
import type { Consents } from './consents.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { createMouth } from './mouth.ts'
import { voiceNews } from './notice.ts'
import type { RoomEvents, SpokenUtterance, VoiceRoom, VoiceRooms } from './room.ts'
import type { SessionRow } from './session-rows.ts'
import { createTalk, type Talk } from './talk.ts'
import type { Tell } from './tell.ts'
import type { Transcripts } from './transcripts.ts'
import type { VoiceOver } from './voice-over.ts'
import type { VoiceSettings } from './voice-settings.ts'

/** Whoever deals with what is said. */
export interface Listener {
  heard(session: Session, utterance: SpokenUtterance, talk: Talk): void
  /** The member is not heard any more: what waited for an answer is over. */
  left(session: Session, talk: Talk, why: string): Promise<void>
}

/** Helix in a voice channel of a guild, and the text channel beside it. */
export interface Session {
  readonly place: Place
  readonly row: SessionRow
  readonly room: VoiceRoom
  settings: VoiceSettings
  /** Talks with the members who are heard at this moment. */
  readonly talks: ReadonlyMap<string, Talk>
  readonly latencies: readonly number[]
  /** From now on those members in the channel who gave their consent and have a Helix role are heard, and an empty channel is left. */
  begin(): Promise<void>
  hear(user: string): Promise<boolean>
  ignore(user: string, why: string): Promise<void>
  exchange(talk: Talk): Exchange
  say(text: string): void
  /** A message of its own in the text channel. */
  tell(report: Report): Promise<void>
  /** The same, but only once until it is mended, and not again within five minutes, unless there is something else to say of it. */
  tellOnce(trouble: string, sentence: string): Promise<void>
  mended(trouble: string): void
  took(ms: number): void
  close(why: string): Promise<void>
}

export interface SessionParts {
  readonly store: Store
  readonly delivery: Pick<Delivery, 'post' | 'revise'>
  readonly transcripts: Pick<Transcripts, 'keep'>
  readonly consents: Pick<Consents, 'among'>
  readonly members: DiscordMembers
  readonly permissions: Pick<Permissions, 'roleOf'>
  /** Undefined: Helix answers in text only. */
  readonly voiceOver: VoiceOver | undefined
  readonly tell: Tell
  readonly listener: Listener
  readonly clock: Clock
  readonly log: Log
}

export interface SessionGiven {
  readonly place: Place
  readonly row: SessionRow
  readonly settings: VoiceSettings
  onMoved(row: SessionRow): Promise<void>
  onGone(reason: Parameters<RoomEvents['onGone']>[0]): Promise<void>
  onEmpty(): Promise<void>
}

/** A channel without members is left after so long, in ms. */
const EMPTY_MS = 60_000
/** What comes and goes is told no more often than this, in ms. */
const AGAIN_MS = 300_000
const MOST_LATENCIES = 50

/** Joins the channel; nobody is heard before `begin`. Throws what joining throws. */
export async function openSession(parts: SessionParts, rooms: VoiceRooms, given: SessionGiven): Promise<Session> {
  const { store, delivery, transcripts, consents, members, permissions, voiceOver, tell, listener, clock, log } = parts
  const { place } = given
  const { guild } = place
  const talks = new Map<string, Talk>()
  /** Of whom it is being found out whether they may be heard; whoever withdraws meanwhile is taken out. */
  const asked = new Map<string, symbol>()
  /** What was told of them last, when, and whether they last. */
  const troubles = new Map<string, { readonly sentence: string; readonly at: number; lasts: boolean }>()
  const latencies: number[] = []
  const closed = new AbortController()
  let row = given.row
  let alone: AbortController | undefined
  const speaking = new Set<Promise<unknown>>()

  /** What happened while it joined, it finds out in `begin`. */
  let isOpen = false

  const guarded = (work: Promise<unknown>) =>
    void work.catch((err: unknown) => log.error({ err, guild }, 'a voice session ran into a fault'))

  const room = await rooms.join(
    { guild, channel: row.voiceChannel },
    {
      onUtterance(utterance) {
        const talk = talks.get(utterance.user)
        if (!talk || !isOpen || closed.signal.aborted) return
        const over = utterance.ended.finally(() => speaking.delete(over))
        speaking.add(over)
        listener.heard(session, utterance, talk)
      },
      onSpeaking: () => {
        if (isOpen) mouth.hush()
      },
      onMembers: ({ user, now }) => {
        if (isOpen) guarded(now === 'here' ? arrived(user) : departed(user))
      },
      onMoved: (channel) => {
        if (isOpen) guarded(moved(channel))
      },
      onGone: (reason) => {
        if (isOpen && !closed.signal.aborted) guarded(given.onGone(reason))
      },
    },
  )

  const mouth = createMouth({
    synthesize: (text) => {
      const { language, voice } = session.settings
      return voiceOver!({ text, language, ...(voice !== undefined && { voice }) })
    },
    play: (ogg) => room.play(ogg),
    quiet: async () => {
      while (speaking.size > 0) await Promise.race(speaking)
    },
    clock,
    onOutcome(error) {
      if (error === undefined) return session.mended('synthesis')
      const reason = error instanceof UpstreamError ? error.message : 'It failed.'
      log.warn({ err: error, guild }, 'a sentence could not be spoken')
      guarded(session.tellOnce('synthesis', `Helix cannot speak right now, so its answers stand here only. ${reason}`))
    },
  })

  async function arrived(user: string): Promise<void> {
    alone?.abort()
    await session.hear(user)
  }

  async function departed(user: string): Promise<void> {
    await session.ignore(user, 'left the channel')
    waitAlone()
  }

  async function moved(channel: string): Promise<void> {
    row = { ...row, voiceChannel: channel }
    for (const user of [...talks.keys()]) if (!room.members().includes(user)) await session.ignore(user, 'is in another channel')
    await hearAll()
    await given.onMoved(row)
    waitAlone()
  }

  async function hearAll(): Promise<void> {
    await Promise.all(room.members().map((user) => session.hear(user)))
  }

  function waitAlone(): void {
    if (room.members().length > 0 || closed.signal.aborted) return
    alone?.abort()
    const waiting = new AbortController()
    alone = waiting
    const signal = AbortSignal.any([waiting.signal, closed.signal])
    guarded(
      clock.sleep(EMPTY_MS, signal).then(async () => {
        if (!signal.aborted && room.members().length === 0) await given.onEmpty()
      }),
    )
  }

  /** The name of a member who may be heard: who gave the consent and could call anything at all. Discord away: consent is enough, for each call asks again. */
  async function nameOf(user: string): Promise<string | undefined> {
    if ((await consents.among(guild, [user])).length === 0) return undefined
    try {
      const member = await members.read(guild, user)
      return member && (await permissions.roleOf(guild, member.standing)) && member.name
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      log.warn({ err: error, guild }, 'a member who is to be heard could not be read')
      return 'A member'
    }
  }

  const session: Session = {
    place,
    room,
    talks,
    latencies,
    settings: given.settings,
    get row() {
      return row
    },
    async begin() {
      isOpen = true
      if (room.figures().state === 'gone') return given.onGone('connection lost')
      await hearAll()
      waitAlone()
    },
    async hear(user) {
      const asking = Symbol(user)
      asked.set(user, asking)
      const name = await nameOf(user)
      if (asked.get(user) !== asking) return talks.has(user)
      asked.delete(user)
      if (name === undefined || !room.members().includes(user) || closed.signal.aborted) return false
      if (!talks.has(user)) talks.set(user, createTalk(user, name))
      room.hear(user)
      return true
    },
    async ignore(user, why) {
      asked.delete(user)
      room.ignore(user)
      const talk = talks.get(user)
      if (!talk) return
      talks.delete(user)
      talk.gone.abort()
      await listener.left(session, talk, why)
    },
    exchange: ({ user, name }) =>
      createExchange({
        ...{ store, delivery, transcripts, place, user, name, clock },
        channel: row.textChannel,
        onFailure: (err) => log.warn({ err, guild }, 'what is being said could not be shown'),
      }),
    say(text) {
      if (voiceOver && !closed.signal.aborted) mouth.say(text)
    },
    tell: (report) => tell(place, row.textChannel, report),
    async tellOnce(trouble, sentence) {
      const before = troubles.get(trouble)
      const at = clock.now().getTime()
      if (before?.sentence === sentence && (before.lasts || at - before.at < AGAIN_MS)) return
      troubles.set(trouble, { sentence, at, lasts: true })
      await session.tell(voiceNews('warning', sentence))
    },
    mended(trouble) {
      const told = troubles.get(trouble)
      if (told) told.lasts = false
    },
    took(ms) {
      latencies.push(ms)
      latencies.splice(0, latencies.length - MOST_LATENCIES)
    },
    async close(why) {
      if (closed.signal.aborted) return
      closed.abort()
      mouth.hush()
      for (const user of [...talks.keys()]) await session.ignore(user, why)
      await room.leave()
    },
  }
  return session
}
