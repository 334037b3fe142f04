import { cell, ended } from './cell.ts'
import type { Shape } from './shape.ts'
import { lastWord, textOf, toneOf } from './words.ts'

/**
 * What was heard and spoken, by kind. The words themselves are not shown: they are kept for as long as the voice settings say, and Discord
 * would keep them for ever.
 */
export const voice: Shape = {
  name: 'voice',
  head: ['Event', 'Language', 'Confidence'],
  read(message, channel) {
    const event = textOf(message.event)
    if (event === undefined || channel !== 'voice_events') return undefined
    const word = lastWord(event)
    const failed = toneOf(word) === 'bad' || message.error !== undefined
    return [
      {
        ...{ about: event, kind: event },
        state: failed ? 'failed' : word,
        tone: failed ? 'bad' : 'neutral',
        cells: () => [
          cell(message.language),
          typeof message.confidence === 'number' ? percent(message.confidence) : cell(message.duration),
        ],
        turned: () => (failed ? ended(`${cell(event)}: ${cell(message.error ?? 'failed', 120)}`) : `${cell(event)} works again.`),
      },
    ]
  },
}

function percent(confidence: number): string {
  return `${Math.round(Math.min(1, Math.max(0, confidence)) * 100)} %`
}
