const WORDS = ['Command timed out', 'Connection is closed.', "Stream isn't writeable and enableOfflineQueue options is false"]

/** Whether a command failed because Redis cannot be reached now, and not because Redis refused it. https://github.com/redis/ioredis */
export function isRedisAway(error: unknown): boolean {
  return error instanceof Error && (error.name === 'MaxRetriesPerRequestError' || WORDS.includes(error.message))
}
