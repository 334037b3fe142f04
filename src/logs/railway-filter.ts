/**
 * What people type, as Railway's log filter: one that begins with @ (or -@) is Railway's own and passes as it is, anything else is
 * text that a line must hold. https://docs.railway.com/guides/logs#filter-syntax
 */
export function railwayFilter(typed: string | undefined): string | undefined {
  const text = typed?.trim()
  if (!text) return undefined
  if (/^-?@/.test(text)) return text
  return `"${text.replaceAll('"', ' ').replaceAll('\\', ' ').trim()}"`
}
