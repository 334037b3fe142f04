import { plain } from './nearest.ts'

export interface Named {
  readonly id: string
  readonly name: string
}

/** The one with that id, that exact name, or the only one that is the same but for spaces, dashes and case: of two alike none is guessed. */
export function findNamed<Thing extends Named>(typed: string, things: readonly Thing[]): Thing | undefined {
  const exact = things.find(({ id }) => id === typed) ?? things.find(({ name }) => name === typed)
  const wanted = plain(typed)
  if (exact || wanted === '') return exact
  const alike = things.filter(({ id, name }) => plain(id) === wanted || plain(name) === wanted)
  return alike.length === 1 ? alike[0] : undefined
}
