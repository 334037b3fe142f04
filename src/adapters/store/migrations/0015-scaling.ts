import { type Kysely, sql } from 'kysely'

/** What services with a scaling policy had to bear, a row for each minute at most: the simulator replays it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // `minute` counts from the epoch: whoever comes second in a minute adds nothing.
  `CREATE TABLE scale_loads (
    guild text NOT NULL, project text NOT NULL, environment text NOT NULL, service text NOT NULL, minute integer NOT NULL, at timestamptz NOT NULL,
    replicas integer NOT NULL, cpu double precision, cpu_limit double precision, memory double precision, memory_limit double precision,
    requests_per_second double precision, p95_ms double precision, queue double precision, level double precision,
    PRIMARY KEY (guild, project, environment, service, minute))`,
  'CREATE INDEX scale_loads_oldest ON scale_loads (at)',
]
