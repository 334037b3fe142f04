import { useLayoutEffect, useState } from 'preact/hooks'

export interface Highlight {
  /** Index of the row; -1 for none. */
  readonly at: number
  /** The reader went there, rather than finding it so. */
  readonly moved: boolean
  to(index: number): void
}

/** Which row of a list is highlighted: `start` whenever one of `resets` changes, then where the reader goes. */
export function useHighlight(start: number, resets: readonly unknown[]): Highlight {
  const [{ at, moved }, set] = useState({ at: start, moved: false })
  useLayoutEffect(() => set({ at: start, moved: false }), resets)
  return { at, moved, to: (index) => set({ at: index, moved: true }) }
}
