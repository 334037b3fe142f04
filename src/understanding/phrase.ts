import type { Argument, Arguments } from '#src/kernel/argument.ts'

/** A saying with what Helix adds to it: a slot that is `isStrict` takes only what was said as it is. */
export type Part =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'slot'; readonly argument: string; readonly isStrict?: boolean }
  | { readonly kind: 'choice'; readonly branches: readonly (readonly Part[])[]; readonly mayBeLeftOut: boolean }

/** A step from one state of a phrase to a later one. */
export type Arc =
  | { readonly to: number; readonly kind: 'skip'; readonly cost: number }
  | { readonly to: number; readonly kind: 'word'; readonly word: string }
  | { readonly to: number; readonly kind: 'slot'; readonly name: string; readonly argument: Argument<unknown>; readonly isStrict: boolean }

/** One way to say one command, as a graph: state 0 begins it, the last one ends it, and every arc leads to a later state. */
export interface Phrase {
  readonly command: string
  readonly isChange: boolean
  /** The argument that says in which environment. */
  readonly place?: string | undefined
  readonly arcs: readonly (readonly Arc[])[]
  /** Words that it cannot be said without, one of each set: a sentence that lacks them is not it. */
  readonly needs: readonly ReadonlySet<string>[]
}

/** Words that recognisers lose, and that tell nothing. */
const WEAK = new Set('the a an of to in on for me at from with my all is'.split(' '))
const LEFT_OUT = 0.06

export function isWeak(word: string): boolean {
  return WEAK.has(word)
}

/** The graph of a saying. */
export function arcsOf(parts: readonly Part[], given: Arguments): Phrase['arcs'] {
  const arcs: Arc[][] = [[]]
  const state = () => arcs.push([]) - 1

  function step(from: number, part: Part): number {
    if (part.kind === 'choice') {
      const ends = part.branches.map((branch) => branch.reduce(step, from))
      const to = state()
      for (const end of new Set([...ends, ...(part.mayBeLeftOut ? [from] : [])])) arcs[end]!.push({ to, kind: 'skip', cost: 0 })
      return to
    }
    const to = state()
    if (part.kind === 'slot') {
      const { argument: name, isStrict = false } = part
      arcs[from]!.push({ to, kind: 'slot', name, argument: given[name]!, isStrict })
    } else {
      arcs[from]!.push({ to, kind: 'word', word: part.word })
      if (WEAK.has(part.word)) arcs[from]!.push({ to, kind: 'skip', cost: LEFT_OUT })
    }
    return to
  }

  parts.reduce(step, 0)
  return arcs
}
