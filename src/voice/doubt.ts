import type { Report } from '#src/kernel/report.ts'
import { orList } from '#src/kernel/say.ts'
import type { Understanding, Wish } from '#src/understanding/understanding.ts'
import { wishWords } from './wish-words.ts'

const MOST_CHOICES = 4

/** What Helix answers to a sentence that is no command as it stands: asks with choices, or says why nothing was done. */
export function doubtReport({ missing, why, alternatives }: Pick<Understanding, 'missing' | 'why' | 'alternatives'>): Report {
  const choices = alternatives.slice(0, MOST_CHOICES)
  if (missing) return withChoices('Which one?', askFor(missing.argument, missing.heard !== undefined, choices), choices)
  if (choices.length > 0) return withChoices('Not sure', `Did you mean ${orList(choices.map(quoted))}? Nothing was done.`, choices)
  return { title: 'Nothing was done', tone: 'neutral', sentence: (why && reasons[why]) ?? notUnderstood }
}

const notUnderstood = 'I did not understand that, so nothing was done. Say “help” to hear what I can do.'

/** Why a sentence is no order, by what the interpreter calls it. */
const reasons: Readonly<Record<string, string>> = {
  'nothing said': 'Yes?',
  'too long': 'That was too long for a command, so nothing was done.',
  negated: 'You said not to, so nothing was done.',
  hypothetical: 'That sounded like a maybe, so nothing was done. Say it as an order.',
  'a question': 'That sounded like a question about a change, so nothing was done. Say it as an order.',
  reported: 'That sounded like somebody else’s words, so nothing was done. Say it as an order.',
  past: 'That sounded like something that is over, so nothing was done.',
  later: 'I do things at once and not later, so nothing was done.',
  'two at once': 'One thing at a time, please: nothing was done.',
}

function askFor(argument: string, isUnknown: boolean, choices: readonly Wish[]): string {
  const name = argument.replaceAll('-', ' ')
  const values = choices.map(({ args }) => String(args[argument]))
  const which = values.length > 0 ? ` ${orList(values)}?` : ''
  return isUnknown
    ? `I know no such ${name}.${which && ` Did you mean${which}`} Nothing was done.`
    : `Which ${name}?${which} Nothing was done yet.`
}

function withChoices(title: string, sentence: string, choices: readonly Wish[]): Report {
  const actions = choices.map((wish) => ({ label: wishWords(wish).slice(0, 80), command: wish.command, arguments: wish.args }))
  return { title, tone: 'warning', sentence, actions }
}

function quoted(wish: Wish): string {
  return `“${wishWords(wish)}”`
}
