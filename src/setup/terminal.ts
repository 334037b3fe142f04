import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { Writable as MutedWritable } from 'node:stream'

export interface Terminal {
  say(text: string): void
  /** One line, trimmed; what is secret is not shown while it is typed. Throws InputEnded when there is none left, and Interrupted. */
  ask(question: string, kind?: 'secret'): Promise<string>
  close(): void
}

export class InputEnded extends Error {
  override readonly name = 'InputEnded'
  constructor() {
    super('The answers ended before the questions did. Nothing was written.')
  }
}

/** Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  constructor() {
    super('\nStopped. Nothing was written.')
  }
}

export type Input = Readable & { readonly isTTY?: boolean }

/** A person at a terminal, or a file of answers, a line each. */
export function createTerminal(input: Input, output: Writable): Terminal {
  let secret = false
  const echo = new MutedWritable({
    write(chunk, _encoding, done) {
      if (!secret) output.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input, output: echo, terminal: input.isTTY === true })
  let interrupted = false
  lines.on('SIGINT', () => {
    interrupted = true
    lines.close()
  })
  const answers: AsyncIterator<string> = lines[Symbol.asyncIterator]()
  return {
    say: (text) => void output.write(`${text}\n`),
    async ask(question, kind) {
      output.write(`${question} `)
      secret = kind === 'secret'
      const { done, value } = await answers.next()
      secret = false
      // The person's own Enter was not shown, and a file has none.
      if (kind === 'secret' || !input.isTTY) output.write('\n')
      if (done) throw interrupted ? new Interrupted() : new InputEnded()
      return value.trim()
    },
    close: () => lines.close(),
  }
}
