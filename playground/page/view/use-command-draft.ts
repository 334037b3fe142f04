import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Leaf } from '#playground/page/commands/leaf.ts'
import { type Item, nextRequired } from '#playground/page/commands/option-items.ts'
import { type Draft, problemsOf } from '#playground/page/commands/values.ts'

/** The field after the chips, where further options are picked. No option has the empty name. */
export const more = ''

export interface CommandDraft {
  readonly draft: Draft
  /** Names of the options that have a chip, in their order. */
  readonly shown: readonly string[]
  /** Sending was tried: from then on what is missing is said. */
  readonly tried: boolean
  /** Ties a field to its option, so that it can be focused; null unties it. */
  field(name: string, element: HTMLInputElement | null): void
  focus(name: string): void
  /** Fills an option; with a value once it was picked. Answers the draft as it is then. */
  fill(name: string, text: string, value?: Item['value']): Draft
  add(name: string): void
  remove(name: string): void
  /** Hands it on if nothing is wrong with it, else leads to the first option with a problem. */
  send(): void
}

/** What was filled in for a command, and which field comes next. Begins at the first required option that is empty. */
export function useCommandDraft(leaf: Leaf, initial: Draft, onSend: (draft: Draft) => void): CommandDraft {
  const fields = useRef(new Map<string, HTMLInputElement>())
  const [draft, setDraft] = useState(initial)
  const [shown, setShown] = useState(() => leaf.options.filter(({ name, required }) => required || name in initial).map(({ name }) => name))
  const [tried, setTried] = useState(false)
  // A new object each time, so that the same field can be asked for twice. Before the next key press: none may be lost.
  const [target, setTarget] = useState(() => ({ name: nextRequired(leaf, initial) ?? more }))
  useLayoutEffect(() => fields.current.get(target.name)?.focus(), [target])
  const focus = (name: string) => setTarget({ name })

  return {
    draft,
    shown,
    tried,
    focus,
    field: (name, element) => void (element ? fields.current.set(name, element) : fields.current.delete(name)),
    fill(name, text, value) {
      const next = { ...draft, [name]: value === undefined ? { text } : { text, picked: value } }
      setDraft(next)
      return next
    },
    add(name) {
      setShown([...shown, name])
      focus(name)
    },
    remove(name) {
      const { [name]: _, ...rest } = draft
      setDraft(rest)
      setShown(shown.filter((one) => one !== name))
    },
    send() {
      const [problem] = problemsOf(leaf, draft)
      if (!problem) onSend(draft)
      setTried(problem !== undefined)
      if (problem && !shown.includes(problem.option)) setShown([...shown, problem.option])
      if (problem) focus(problem.option)
    },
  }
}
