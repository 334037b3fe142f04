/** A raw value as somebody may have typed it. What is no text, number or yes and no (a door may be given anything) is empty. */
export function asText(raw: unknown): string {
  return typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : ''
}
