/** The ground of an embed in Discord's dark theme, so that the picture stands in it without an edge. */
export const ground = 'rgb(43, 45, 49)'

export const ink = {
  strong: 'rgb(242, 243, 245)',
  soft: 'rgb(196, 201, 206)',
  faint: 'rgb(154, 159, 168)',
  line: 'rgb(63, 66, 72)',
  limit: 'rgb(240, 177, 50)',
} as const

/** Told apart on the dark ground also by people who see red and green alike. */
export const colours = [
  'rgb(124, 156, 255)',
  'rgb(79, 209, 181)',
  'rgb(245, 169, 127)',
  'rgb(213, 155, 246)',
  'rgb(246, 213, 92)',
  'rgb(239, 125, 149)',
  'rgb(139, 211, 247)',
  'rgb(181, 216, 107)',
] as const
