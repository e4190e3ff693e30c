import { expect, test } from "vitest";

type Row = Record<string, unknown>;

/** Documents and webhooks of the demo; see demo.test.ts. Kept are the keys of the objects that were put into the store. */
export function documentCases(
  rows: (sql: string, values?: unknown[]) => Promise<Row[]>,
  kept: () => string[],
): void {
  test("FND-30, DOC-03, WHK-01: each clinic has signed documents to be rendered, and a webhook that is switched off", async () => {
    const documents = await rows(`
      select array_agg(distinct d.kind order by d.kind) as kinds, bool_and(d.status = 'issued') as issued,
        array_agg(distinct i.input #>> '{signature,signature,objectKey}' order by i.input #>> '{signature,signature,objectKey}') filter (where d.signature_id is not null) as pictures
      from app_public.appointment_documents d join app_private.document_inputs i on i.document_id = d.id`);
    const pictures = kept().filter((key) => key.includes("/signatures/"));
    expect(documents).toEqual([
      { kinds: ["prescription", "report"], issued: true, pictures: pictures.toSorted() },
    ]);
    expect(pictures.length).toBeGreaterThanOrEqual(2);
    const webhooks = "select distinct status, disabled_reason from app_public.webhook_subscriptions";
    expect(await rows(webhooks)).toEqual([{ status: "disabled", disabled_reason: "by_staff" }]);
  });
}
