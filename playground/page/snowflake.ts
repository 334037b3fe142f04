const discordEpoch = 1_420_070_400_000n

/** When an id was made, in milliseconds since 1970: https://discord.com/developers/docs/reference#snowflakes */
export function snowflakeTime(id: string): number {
  return Number((BigInt(id) >> 22n) + discordEpoch)
}

/** Older first. Ids are decimal without leading zeros, so the shorter is the smaller. */
export function compareSnowflakes(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

/** Answers a function that makes an id never given before by it, for `nonce`. */
export function createNonces(now: () => number): () => string {
  let last = 0n
  return () => {
    const id = (BigInt(now()) - discordEpoch) << 22n
    last = id > last ? id : last + 1n
    return String(last)
  }
}
