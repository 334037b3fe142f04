import type { Action, Report } from '#src/kernel/report.ts'
import { count, orList } from '#src/kernel/say.ts'
import type { VoiceStatus } from './voice.ts'
import type { VoiceSettings } from './voice-settings.ts'

const agree: Action = { label: 'Helix may hear me', command: 'voice.consent', arguments: { choice: 'in' } }
const disagree: Action = { label: 'Not any more', command: 'voice.consent', arguments: { choice: 'out' } }
const talk: Action = { label: 'Talk to Helix', command: 'voice.talk', arguments: {} }
const leave: Action = { label: 'Leave', command: 'voice.leave', arguments: {} }

/** Says to everybody what Helix does in the voice channel, and how to be heard. `opening`: why it is there. */
export function noticeOf(
  opening: string,
  { voiceChannel, textChannel, members, listeningTo }: VoiceStatus,
  settings: VoiceSettings,
): Report {
  const silent = members - listeningTo.length
  const others =
    silent > 0 ? ` ${silent === 1 ? 'One member there is' : `${silent} members there are`} not heard: nobody is before they agree.` : ''
  const wake = orList(settings.wakeWords.map((word) => `“${word}”`))
  return {
    title: 'Helix listens',
    tone: 'neutral',
    sentence: `${opening} It hears ${count(listeningTo.length, 'member')} and acts on sentences that begin with ${wake}.${others}`,
    facts: [
      { label: 'Voice channel', value: voiceChannel },
      { label: 'What is said and done stands in', value: textChannel },
      {
        label: 'What becomes of it',
        value: 'The sound is sent to a speech recogniser and kept nowhere. What is not said to Helix is dropped.',
      },
      {
        label: 'What was said to Helix',
        value:
          settings.keepDays === 0
            ? 'is forgotten within the hour'
            : `is kept as text for ${count(settings.keepDays, 'day')}, secrets masked`,
      },
    ],
    actions: [agree, talk, disagree, leave],
  }
}

/** One sentence about the voice channel. */
export function voiceNews(tone: Report['tone'], sentence: string): Report {
  return { title: 'Voice', tone, sentence }
}
