import { optional } from '#src/kernel/argument.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { UserError } from '#src/kernel/errors.ts'
import { count } from '#src/kernel/say.ts'

const LANGUAGE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/
const VOICE = /^[A-Za-z0-9-]{3,60}$/
const WAKE_WORD = /^[\p{L}]{3,20}$/u
const MOST_WAKE_WORDS = 5

export default defineCommand({
  describe: 'How Helix listens and speaks here; without options: how it does now',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'ephemeral',
  arguments: {
    'wake-words': optional(text('what a sentence for Helix begins with, such as helix,manus')),
    language: optional(text('what is spoken, such as en-US', { max: 20 })),
    voice: optional(text('Google’s name of the voice, such as en-US-Neural2-F; none: Google’s choice', { max: 60 })),
    'keep-days': optional(integer('for how many days transcripts are kept; 0: forgotten within the hour', { min: 0, max: 365 })),
    channel: optional(text('the text channel for what is said, such as #general; none: where /voice join is used', { max: 60 })),
  },
  says: [],
  needs: ['voice'],
  async run(given, { voice, call: { place } }) {
    const changed = {
      ...(given['wake-words'] !== undefined && { wakeWords: wakeWords(given['wake-words']) }),
      ...(given.language !== undefined && { language: fitting(given.language, LANGUAGE, 'a language such as en-US') }),
      ...(given.voice !== undefined && { voice: unlessNone(given.voice, (name) => fitting(name, VOICE, 'the name of a voice')) }),
      ...(given['keep-days'] !== undefined && { keepDays: given['keep-days'] }),
      ...(given.channel !== undefined && { channel: unlessNone(given.channel, channelId) }),
    }
    const isChanged = Object.keys(changed).length > 0
    const now = isChanged ? await voice.change(place.guild, changed) : await voice.settings(place.guild)
    return {
      title: 'Voice settings',
      tone: isChanged ? 'good' : 'neutral',
      sentence: isChanged ? 'From now on Helix listens and speaks like this.' : 'This is how Helix listens and speaks here.',
      facts: [
        { label: 'Wake words', value: now.wakeWords.join(', ') },
        { label: 'Language', value: now.language },
        { label: 'Voice', value: now.voice ?? 'Google’s choice' },
        { label: 'Transcripts', value: now.keepDays === 0 ? 'forgotten within the hour' : `kept for ${count(now.keepDays, 'day')}` },
        {
          label: 'Shown in',
          value: now.channel === undefined ? 'the channel where /voice join is used' : voice.channelName(place.guild, now.channel),
        },
      ],
    }
  },
})

function wakeWords(typed: string): readonly string[] {
  const words = [
    ...new Set(
      typed
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    ),
  ]
  if (words.length > 0 && words.length <= MOST_WAKE_WORDS && words.every((word) => WAKE_WORD.test(word))) return words
  throw new UserError(`Wake words are up to ${MOST_WAKE_WORDS} words of 3 to 20 letters each, with commas between. Nothing was changed.`)
}

function fitting(typed: string, form: RegExp, what: string): string {
  if (form.test(typed)) return typed
  throw new UserError(`“${typed}” is not ${what}, so nothing was changed.`)
}

function unlessNone<Value>(typed: string, read: (typed: string) => Value): Value | undefined {
  return typed.toLowerCase() === 'none' ? undefined : read(typed)
}

/** As Discord writes a channel that is named in an option, or its id. */
function channelId(typed: string): string {
  const id = /^<#(\d{17,20})>$/.exec(typed)?.[1] ?? /^\d{17,20}$/.exec(typed)?.[0]
  if (id !== undefined) return id
  throw new UserError('Name a text channel of this server, such as #general. Nothing was changed.')
}
