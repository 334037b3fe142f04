import { type Kysely, sql } from 'kysely'

/** Rules of which somebody is told when they are broken, and how each of them stands in each environment. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // Of a project, whichever of its environments a rule is for.
  `CREATE TABLE alert_rules (
    guild text NOT NULL, project text NOT NULL, environment text NOT NULL DEFAULT '', name text NOT NULL, rule jsonb NOT NULL,
    added_by text NOT NULL, added_at timestamptz NOT NULL, PRIMARY KEY (guild, project, name))`,

  // What is pending, firing or not told yet, and how far the streams were read that rules name.
  `CREATE TABLE alert_rounds (
    guild text NOT NULL, project text NOT NULL, environment text NOT NULL, read_at timestamptz, standings jsonb NOT NULL DEFAULT '[]',
    heard jsonb, PRIMARY KEY (guild, project, environment))`,

  // The last text of a rules file that could be read as rules: what counts after a start with one that cannot.
  `CREATE TABLE alert_files (
    path text PRIMARY KEY, guild text NOT NULL DEFAULT '', project text NOT NULL DEFAULT '', environment text NOT NULL DEFAULT '',
    text text NOT NULL, read_at timestamptz NOT NULL)`,
]
