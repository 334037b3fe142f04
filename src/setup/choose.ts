import type { Terminal } from './terminal.ts'

interface Named {
  readonly id: string
  readonly name: string
}

/** Has one of several chosen by number, name or id; the only one is taken without a question, and Enter keeps the one that was set. */
export async function choose<Item extends Named>(
  terminal: Terminal,
  what: string,
  items: readonly Item[],
  set: string | undefined,
): Promise<Item> {
  const [only] = items
  const present = items.find(({ id }) => id === set)
  if (items.length === 1 && only) {
    terminal.say(`${what}: ${only.name}`)
    return only
  }
  items.forEach(({ name }, index) => {
    terminal.say(`  ${index + 1}. ${name}`)
  })
  for (;;) {
    const answer = await terminal.ask(`${what} (1 to ${items.length}, or its name${present ? `; Enter keeps ${present.name}` : ''})?`)
    const found = answer === '' ? present : (items[Number(answer) - 1] ?? items.find(({ id, name }) => answer === id || answer === name))
    if (found) return found
    terminal.say('That is none of them.')
  }
}
