import { UserError } from '#src/kernel/errors.ts'

/** What the emulated recogniser will hear, said beforehand by the speaker's side. */
export interface ScriptLine {
  readonly text: string
  readonly confidence: number
}

export interface Script {
  add(line: ScriptLine): void
  /** The next line, for audio that nobody knows. */
  take(): ScriptLine | undefined
  /** A line that was taken, and then its stream broke off. */
  giveBack(line: ScriptLine): void
  clear(): void
  readonly waiting: number
}

const MOST_LINES = 100

export function createScript(): Script {
  const lines: ScriptLine[] = []
  return {
    add(line) {
      if (lines.length >= MOST_LINES) throw new UserError(`There wait ${MOST_LINES} lines already: speak, or clear them.`)
      lines.push(line)
    },
    take: () => lines.shift(),
    giveBack: (line) => void lines.unshift(line),
    clear: () => void lines.splice(0),
    get waiting() {
      return lines.length
    },
  }
}
