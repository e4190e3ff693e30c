import pg from "pg";

/** A request as the server makes it: app_authenticator's connection, one transaction, a role and who asks. */
export async function asVisitor<T>(
  client: pg.Client,
  visitor: { id: string; address?: string },
  request: (client: pg.Client) => Promise<T>,
): Promise<T> {
  await client.query("begin");
  try {
    await client.query(
      `select set_config('role', 'app_anonymous', true), set_config('app.visitor_id', $1, true),
              set_config('app.ip', $2, true)`,
      [visitor.id, visitor.address ?? "203.0.113.7"],
    );
    const answer = await request(client);
    await client.query("commit");
    return answer;
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

export type Outcome =
  | { ok: true; specialistId: string; token: string }
  | { ok: false; code: string; reason: string };

export const hold = (
  client: pg.Client,
  calendarId: string,
  startsAt: Date,
  visitor: { id: string; address?: string },
) =>
  outcome(
    asVisitor(client, visitor, async () => {
      const { rows } = await client.query("select * from app_public.hold_slot($1, $2)", [
        calendarId,
        startsAt,
      ]);
      return { specialistId: rows[0].specialist_id, token: rows[0].token };
    }),
  );

export async function outcome(work: Promise<{ specialistId: string; token: string }>): Promise<Outcome> {
  try {
    return { ok: true, ...(await work) };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return { ok: false, code: error.code ?? "", reason: error.message };
  }
}

/** How often each outcome came: a winner counts as "ok". */
export function tally(outcomes: Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of outcomes) {
    const name = answer.ok ? "ok" : `${answer.code} ${answer.reason}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export async function perSpecialist(outcomes: Outcome[]): Promise<number[]> {
  const counts = new Map<string, number>();
  for (const answer of outcomes) {
    if (answer.ok) counts.set(answer.specialistId, (counts.get(answer.specialistId) ?? 0) + 1);
  }
  return [...counts.values()].sort();
}

/** A start that is listed: an hour of a day well ahead. */
export function start(hour: number, daysAhead = 7): Date {
  const date = new Date(Date.now() + daysAhead * 24 * 60 * 60_000);
  date.setUTCHours(hour, 0, 0, 0);
  return date;
}
