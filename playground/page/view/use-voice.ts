import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Session } from '#playground/page/session/session.ts'
import type { VoiceState } from '#playground/page/session/voice-states.ts'
import { followVoice, type Heard } from '#playground/page/voice/events.ts'
import { createPlayer } from '#playground/page/voice/player.ts'

/** The voice channels as one account sees them, and what it can do there. */
export interface Voice {
  readonly states: readonly VoiceState[]
  readonly speaking: ReadonlySet<string>
  /** Where the account itself is. */
  readonly mine: VoiceState | undefined
  /** The last that was heard in the account's channel. */
  readonly heard: Heard | undefined
  /** Why joining did not work, or nothing was heard; a sentence. */
  readonly problem: string | undefined
  join(channel: string): void
  leave(): void
  mute(on: boolean): void
  replay(): void
}

/** Discord refuses without a word: no answer within this time is one. */
const answerMs = 2_500

export function useVoice(session: Session, states: readonly VoiceState[], user: string): Voice {
  const [speaking, setSpeaking] = useState<ReadonlySet<string>>(new Set())
  const [all, setHeard] = useState<Heard>()
  const [joining, setJoining] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const player = useMemo(
    () => createPlayer(new Audio(), () => setProblem('The browser did not play what was said. Press "Play again".')),
    [],
  )
  const mine = states.find((state) => state.user === user)
  const heard = all && all.channel === mine?.channel ? all : undefined

  useEffect(() => followVoice({ source: (path) => new EventSource(path), onSpeaking: setSpeaking, onHeard: setHeard }), [])
  useEffect(() => {
    if (heard) player.play(heard.audio)
  }, [heard])
  useEffect(() => {
    // What was said before somebody came is not for them.
    setHeard(undefined)
    player.stop()
    if (mine) setProblem(undefined)
  }, [mine?.channel])
  useEffect(() => {
    if (!joining) return
    if (mine?.channel === joining) return setJoining(undefined)
    const timer = setTimeout(() => {
      setJoining(undefined)
      setProblem('This voice channel did not let you in.')
    }, answerMs)
    return () => clearTimeout(timer)
  }, [joining, mine?.channel])

  return {
    states,
    speaking,
    mine,
    heard,
    problem,
    join(channel) {
      setProblem(undefined)
      setJoining(channel)
      session.voice(channel, false)
    },
    leave: () => session.voice(null, false),
    mute: (on) => mine && session.voice(mine.channel, on),
    replay: () => heard && player.play(heard.audio),
  }
}
