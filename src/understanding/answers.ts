/** What a member says to a question of Helix, and to nothing else. */
export type Answer = 'confirm' | 'cancel'

const CONFIRM = [
  'confirm',
  'confirmed',
  'i confirm',
  'confirm it',
  'confirm that',
  'yes confirm',
  'yes confirmed',
  'yes i confirm',
  'yes do it',
  'yes do that',
  'yes please do it',
  'do it',
  'yes go ahead',
  'go ahead',
  'yes please',
  'yes proceed',
  'proceed',
]
/** A bare yes is said to anybody; it counts where it is said to Helix by name. */
const CONFIRM_BY_NAME = ['yes', 'yeah', 'yep', 'yes that is right', 'that is right', 'correct', 'yes correct']
const CANCEL = [
  'cancel',
  'cancel it',
  'cancel that',
  'please cancel',
  'no cancel',
  'no cancel that',
  'never mind',
  'no never mind',
  'no',
  'nope',
  'no no',
  'no thanks',
  'no thank you',
  'no do not',
  'no do not do it',
  'no do not do that',
  'do not',
  'do not do it',
  'do not do that',
  'stop',
  'no stop',
  'stop it',
  'abort',
  'abort it',
  'forget it',
  'forget about it',
  'forget that',
  'no wait',
  'wait no',
  'wait',
  'wait stop',
  'scratch that',
  'leave it',
  'drop it',
  'no leave it',
]
const ANSWERS: ReadonlyMap<string, Answer> = new Map([
  ...CONFIRM.map((words) => [words, 'confirm'] as const),
  ...CANCEL.map((words) => [words, 'cancel'] as const),
])
const BY_NAME: ReadonlySet<string> = new Set(CONFIRM_BY_NAME)

/**
 * Whether the whole of what was said is a yes or a no. Never a part of it: a recogniser that knows `confirm` hears it in sentences about
 * broken microphones, so that a longer sentence is no answer.
 */
export function answerOf(words: readonly string[], isAddressed: boolean): Answer | undefined {
  const all = words.join(' ')
  const said = all.replace(/ please$/, '')
  return ANSWERS.get(all) ?? ANSWERS.get(said) ?? (isAddressed && BY_NAME.has(said) ? 'confirm' : undefined)
}
