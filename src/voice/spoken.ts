import type { Report } from '#src/kernel/report.ts'

/** Longer sentences are not listened to. */
export const mostSpokenWords = 25
const MOST_CHARACTERS = 220
const LONGEST_WORD = 30
const MORE = 'More is in the channel.'

/**
 * A report for the ear: one or two short sentences of plain words, without ids, addresses, marks and whatever else only an eye can use. What
 * does not fit stands in the text channel, and it says so.
 */
export function spoken(report: Report): string {
  const question = report.actions?.find(({ confirms }) => confirms !== undefined)
  if (question) return readBack(report.sentence, question.confirms?.aloud ?? false)
  return fitted(sentencesOf(speakable(report.sentence))) || 'Done. The answer is in the channel.'
}

/** A plan as a question: `Deploy voice processor to staging? Say confirm, or press the button.` */
function readBack(sentence: string, aloud: boolean): string {
  const plan =
    sentence
      .split(/[.:!?](?=\s|$)/)
      .map(speakable)
      .find(Boolean) ?? ''
  const asked = cut(plan.replace(/[.:!?\s]+$/, ''), mostSpokenWords - 9)
  return `${asked || 'Shall I do it'}? ${aloud ? 'Say confirm, or press the button.' : 'Please press the button to confirm.'}`
}

/** The words of a text that can be said. */
export function speakable(text: string): string {
  return (
    text
      .normalize('NFKC')
      .slice(0, 4_000)
      // Addresses and mentions.
      .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/\S*/gi, ' ')
      .replaceAll(/<[@#:/a-z][^>\s]*>/gi, ' ')
      .replaceAll(/\S+@\S+\.\S+/g, ' ')
      // What stands in brackets is for the eye.
      .replaceAll(/\([^()]*\)|\[[^[\]]*\]/g, ' ')
      .replaceAll(
        /\b(?:of|by|in place of|commit|deployment)?\s*\b(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d{7,}|(?=[0-9a-f]*\d)[0-9a-f]{7,64}|[0-9a-f]{8,64})\b/gi,
        ' ',
      )
      // A command as it is typed is said without its stroke.
      .replaceAll(/(^|\s)\/(?=[a-z])/gi, '$1')
      .replaceAll('→', ' to ')
      .replaceAll('%', ' percent')
      .replaceAll(/(\d)\s?ms\b/g, '$1 milliseconds')
      .replaceAll(/(\d)\s?s\b/g, '$1 seconds')
      .replaceAll(/(\d)\s?min\b/g, '$1 minutes')
      .replaceAll(/(\d)\s?h\b/g, '$1 hours')
      .replaceAll('…', '. ')
      .replaceAll(/(\p{L}|\d)[-_/](?=\p{L}|\d)/gu, '$1 ')
      .replaceAll(/[^\p{L}\p{N}.,:;!?'’\s]/gu, ' ')
      .split(/\s+/)
      .filter((word) => word.length <= LONGEST_WORD && /[\p{L}\p{N}]|^[.,:;!?]+$/u.test(word))
      .join(' ')
      .replaceAll(/\s+([.,:;!?])/g, '$1')
      .replaceAll(/[.,:;]+(?=[.!?])|(?<=[.,:;!?])[.,:;!?]+/g, '')
      .replaceAll(/^[.,:;!?\s]+/g, '')
      .trim()
  )
}

function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?])\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
}

/** As many whole sentences as fit; of a first one that does not, its beginning. */
function fitted(sentences: readonly string[]): string {
  const [first] = sentences
  if (first === undefined) return ''
  if (wordsIn(first) > mostSpokenWords || first.length > MOST_CHARACTERS) {
    return `${closed(cut(first, mostSpokenWords - wordsIn(MORE)))} ${MORE}`
  }
  const said = [first]
  const second = sentences[1]
  if (second !== undefined && fits(`${first} ${second}`)) said.push(second)
  return closed(said.join(' '))
}

function fits(text: string): boolean {
  return wordsIn(text) <= mostSpokenWords && text.length <= MOST_CHARACTERS
}

/** The beginning, to a clause's end where one comes near the limit. */
function cut(text: string, most: number): string {
  const words = text.split(' ').slice(0, most)
  while (words.join(' ').length > MOST_CHARACTERS - MORE.length) words.pop()
  if (words.length === text.split(' ').length) return text
  const clause = words.findLastIndex((word) => /[,:;]$/.test(word))
  return (clause >= most / 2 ? words.slice(0, clause + 1) : words).join(' ').replace(/[,:;]$/, '')
}

function closed(text: string): string {
  const bare = text.replace(/[,:;\s]+$/, '')
  return /[.!?]$/.test(bare) ? bare : `${bare}.`
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter(Boolean).length
}
