import type { WithPgClient } from "postgraphile/@dataplan/pg";
import type { Settings } from "../identity/session.ts";

/** Whom somebody read about, and at which clinic as far as the row says. */
export type Reading = { personId: string; organizationId: string | null };

/** What a step of a plan knows of who asks. */
export type Asker = { pgSettings: Settings; withPgClient: WithPgClient };

/** Who read whom where lately, with the time until which it need not be said again. */
const said = new Map<string, number>();
const MOST_SAID = 20_000;

/**
 * Puts on record that the caller read about these patients, each once a visit, and resolves when that is committed: the
 * answer must not leave before (FND-08). In a transaction of its own, in the caller's name, by the login role alone,
 * because the one that read is over and may have been read-only. Visitors are nobody: what they see is their own.
 */
export async function recordReadings(
  { pgSettings, withPgClient }: Asker,
  readings: Reading[],
  what: "record" | "file",
  via: string,
): Promise<void> {
  const reader = pgSettings["app.principal_id"];
  if (!reader) return;
  const now = performance.now();
  const keyOf = ({ personId, organizationId }: Reading) => `${reader} ${personId} ${organizationId} ${what}`;
  const unsaid = readings.filter((reading) => !((said.get(keyOf(reading)) ?? 0) > now));
  if (unsaid.length === 0) return;

  const seconds = await withPgClient({ ...pgSettings, role: undefined }, async (client) => {
    const { rows } = await client.query<{ seconds: number }>({
      text: "select app_hidden.record_readings($1, $2, $3, $4) as seconds",
      values: [
        unsaid.map(({ personId }) => personId),
        unsaid.map(({ organizationId }) => organizationId),
        what,
        via,
      ],
    });
    return rows[0]?.seconds ?? 0;
  });
  for (const reading of unsaid) remember(keyOf(reading), now + seconds * 1000);
}

function remember(key: string, until: number): void {
  said.delete(key);
  said.set(key, until);
  if (said.size > MOST_SAID) said.delete(said.keys().next().value as string);
}
