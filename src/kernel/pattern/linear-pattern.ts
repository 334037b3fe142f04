import { type Has, type Node, PatternFault, parsePattern, type Where } from './parse.ts'

export interface LinearPattern {
  /** Whether it is anywhere in the text. */
  isIn(text: string): boolean
  /** What a character of a text costs at most. */
  readonly steps: number
}

/** Steps of a pattern: each character of a text costs at most so many. */
const mostSteps = 300

type Step =
  | { readonly kind: 'one'; readonly has: Has }
  | { readonly kind: 'where'; readonly is: Where }
  /** Goes on at both. */
  | { readonly kind: 'fork'; readonly to: readonly [number, number] }
  | { readonly kind: 'found' }

/**
 * A regular expression that takes time in proportion to the text and to itself, whatever both say: all ways are gone at once (Thompson 1968,
 * https://swtch.com/~rsc/regexp/regexp1.html), none is tried and taken back. Nobody's pattern can hold the process up. Throws PatternFault.
 */
export function linearPattern(source: string, ignoreCase = false): LinearPattern {
  const steps = stepsOf(parsePattern(source, ignoreCase))
  /** In which turn a step was last reached: each is gone once for a character. */
  const reached = new Int32Array(steps.length)

  return {
    steps: steps.length,
    isIn(text) {
      reached.fill(-1)
      let here: number[] = []
      for (let at = 0; ; at++) {
        const now = reach([...here, 0], text, at)
        if (now === undefined) return true
        if (at === text.length) return false
        here = now.filter((step) => (steps[step] as { has: Has }).has(text.charCodeAt(at))).map((step) => step + 1)
      }
    },
  }

  /** The characters that are waited for from these steps on; undefined where the end is reached. */
  function reach(from: number[], text: string, at: number): readonly number[] | undefined {
    const wait: number[] = []
    for (let next = from.pop(); next !== undefined; next = from.pop()) {
      if (reached[next] === at) continue
      reached[next] = at
      const step = steps[next]!
      if (step.kind === 'found') return undefined
      if (step.kind === 'fork') from.push(...step.to)
      else if (step.kind === 'one') wait.push(next)
      else if (step.is(text, at)) from.push(next + 1)
    }
    return wait
  }
}

function stepsOf(node: Node): readonly Step[] {
  const steps: Step[] = []
  write(node)
  add({ kind: 'found' })
  return steps

  function add(step: Step): number {
    if (steps.length >= mostSteps) throw new PatternFault('is too much: make it shorter, or its repetitions fewer')
    return steps.push(step) - 1
  }

  function write(part: Node): void {
    if (part.kind === 'all') for (const each of part.parts) write(each)
    else if (part.kind === 'either') writeEither(part.sides)
    else if (part.kind === 'repeat') writeRepeat(part)
    else add(part)
  }

  function writeEither(sides: readonly Node[]): void {
    const ends: number[] = []
    sides.forEach((side, number) => {
      const fork = number < sides.length - 1 ? add({ kind: 'fork', to: [0, 0] }) : undefined
      write(side)
      if (fork === undefined) return
      ends.push(add({ kind: 'fork', to: [0, 0] }))
      steps[fork] = { kind: 'fork', to: [fork + 1, steps.length] }
    })
    for (const end of ends) steps[end] = { kind: 'fork', to: [steps.length, steps.length] }
  }

  function writeRepeat({ of, least, most }: Extract<Node, { kind: 'repeat' }>): void {
    for (let time = 0; time < least; time++) write(of)
    if (most === Infinity) {
      const fork = add({ kind: 'fork', to: [0, 0] })
      write(of)
      add({ kind: 'fork', to: [fork, fork] })
      steps[fork] = { kind: 'fork', to: [fork + 1, steps.length] }
      return
    }
    const forks: number[] = []
    for (let time = least; time < most; time++) {
      forks.push(add({ kind: 'fork', to: [0, 0] }))
      write(of)
    }
    for (const fork of forks) steps[fork] = { kind: 'fork', to: [fork + 1, steps.length] }
  }
}
