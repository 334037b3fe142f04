/** The ground of an embed in Discord's dark theme, so that the picture stands in it without an edge. */
export const ground = '#2b2d31'

export const ink = {
  strong: '#f2f3f5',
  soft: '#c4c9ce',
  faint: '#9a9fa8',
  line: '#3f4248',
  limit: '#f0b132',
} as const

/** Told apart on the dark ground also by people who see red and green alike. */
export const colours = ['#7c9cff', '#4fd1b5', '#f5a97f', '#d59bf6', '#f6d55c', '#ef7d95', '#8bd3f7', '#b5d86b'] as const
