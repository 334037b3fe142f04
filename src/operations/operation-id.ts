/** Whether a text can be an operation's id at all: PostgreSQL refuses to compare a UUID with anything else. */
export function isOperationId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
