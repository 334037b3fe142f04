const invitation = /\b(discord(?:app)?\.\w+)\//gi

/** Addresses and invitations as text: what others say is nothing to press. A space that nobody sees keeps Discord from making a link of it. */
export function unlinked(text: string): string {
  return text.replaceAll('://', ':\u200b//').replaceAll(invitation, '$1\u200b/')
}
