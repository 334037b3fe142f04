import type { Leaf } from './leaf.ts'
import type { Draft } from './values.ts'

/** Reads `/scale service: voice-processor replicas: 3`, as typed or pasted; undefined where no command of that name is there. */
export function parseCommandLine(line: string, leaves: readonly Leaf[]): { readonly leaf: Leaf; readonly draft: Draft } | undefined {
  if (!line.startsWith('/')) return undefined
  const typed = line.slice(1)
  const named = leaves.filter(({ name }) => typed === name || typed.startsWith(`${name} `))
  const leaf = named.toSorted((a, b) => b.name.length - a.name.length)[0]
  return leaf && { leaf, draft: parseOptions(typed.slice(leaf.name.length), leaf) }
}

/** Writes a draft the way that parseCommandLine reads. */
export function formatCommandLine(leaf: Leaf, draft: Draft): string {
  const options = leaf.options.flatMap(({ name }) => (draft[name]?.text.trim() ? [`${name}: ${draft[name].text.trim()}`] : []))
  return [`/${leaf.name}`, ...options].join(' ')
}

function parseOptions(rest: string, leaf: Leaf): Draft {
  const starts = leaf.options
    .flatMap(({ name }) => {
      const at = rest.indexOf(` ${name}:`)
      return at < 0 ? [] : [{ name, at, from: at + name.length + 2 }]
    })
    .sort((a, b) => a.at - b.at)
  const named = starts.map(({ name, from }, index) => [name, { text: rest.slice(from, starts[index + 1]?.at).trim() }] as const)
  const loose = rest.slice(0, starts[0]?.at).trim()
  const first = leaf.options.find(({ name }) => !starts.some((start) => start.name === name))
  // What is typed straight after the command is meant for its first option.
  return Object.fromEntries(loose && first ? [[first.name, { text: loose }], ...named] : named)
}
