import { expect, test } from "vitest";

// biome-ignore lint/suspicious/noExplicitAny: what a statement answers is what the test expects of it
type Row = any;

/** What the demo clinic knows of its patients as groups, and does by itself. */
export function groupCases(rows: (sql: string, values?: unknown[]) => Promise<Row[]>): void {
  test("SEG-01, AUT-01: the clinic has its groups of patients, and its automations are on", async () => {
    const [{ id }] = await rows("select id from app_public.organizations where slug = 'atlas-recuperare'");
    let isLeft = true;
    while (isLeft) [{ isLeft }] = await rows('select app_private.refresh_segments($1) as "isLeft"', [id]);
    const groups = await rows(
      `select name, (select count(*)::int from app_public.segment_members where segment_id = segments.id) as members
       from app_public.segments where organization_id = $1 order by name collate "C"`,
      [id],
    );
    // How many there are is another thing every day.
    const found = groups.map(({ name, members }) => `${name}${members > 0 ? "" : ": nobody"}`);
    expect(found.slice(0, 4)).toEqual([
      "Cu pachet sau abonament în curs",
      "De sunat: nobody",
      "Fără programare viitoare",
      "Peste 65 de ani",
    ]);
    expect(groups[4].name).toBe("Își serbează ziua săptămâna aceasta");
    const automations = await rows(
      "select name from app_public.automation_rules where organization_id = $1 and is_enabled order by position",
      [id],
    );
    expect(automations.map(({ name }) => name)).toEqual([
      "Bun venit pacienților noi",
      "La mulți ani",
      "Amintește de fișa de anamneză",
      "Rechemare la trei luni",
      "Două absențe în trei luni",
    ]);
  });
}
