import { createHash } from "node:crypto";
import type { JobHelpers } from "graphile-worker";
import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { textOf } from "../../../../pdf/tests/read_pdf.ts";
import renderDocument from "../../../../tasks/definitions/render_document.ts";
import { nowhere } from "../../../../tasks/tests/nowhere.ts";
import { type Json, refusalOf } from "../../../tests/support.ts";
import { pngSample } from "../samples.ts";
import { appointment, seenBy, world } from "./world.ts";

const fields =
  "id status title number reason content files(first: 5) { nodes { id filename download { url expiresAt } } }";

/** What the worker does for a document that was issued. */
async function render(documentId: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: world.api.workerUrl, max: 1 });
  const objects = { for: async () => world.store, close() {} };
  const helpers = { query: pool.query.bind(pool) } as unknown as JobHelpers;
  await renderDocument.run({ documentId }, helpers, { ...nowhere, objects }).finally(() => pool.end());
}

export function documentsCases(): void {
  let templateId: string;
  beforeAll(async () => {
    const { id: fileId } = await world.upload("stefan", {
      surface: "SPECIALIST_SIGNATURES",
      ownerId: await world.id("stefan"),
      bytes: pngSample(16),
      filename: "semnatura.png",
      contentType: "image/png",
    });
    await world.as(
      "stefan",
      "mutation ($input: SetSpecialistSignatureInput!) { setSpecialistSignature(input: $input) { query { __typename } } }",
      { input: { specialistId: await world.id("stefan"), fileId } },
    );
    await world.api.sql("select app_private.give_predefined_documents(tests.id('atlas'))");
    [{ id: templateId }] = await world.api.sql(
      "select id from app_public.pdf_templates where organization_id = tests.id('atlas') and key = 'recommendation_ro'",
    );
  });
  const does = async (who: string, verb: string, input: object): Promise<Json> => {
    const type = `${verb[0]?.toUpperCase()}${verb.slice(1)}Input`;
    const { body, text } = await world.as(
      who,
      `mutation ($input: ${type}!) { ${verb}(input: $input) { appointmentDocument { ${fields} } } }`,
      { input },
    );
    if (!body.data?.[verb]) throw new Error(text);
    return body.data[verb].appointmentDocument;
  };
  /** The documents of the appointment, as somebody sees them there, and each by its id. */
  const seen = async (who: string): Promise<Json[]> => {
    const { body } = await world.as(
      who,
      `query ($id: UUID!) { appointment(id: $id) { documents: appointmentDocuments(first: 50) { nodes { ${fields} } } } }`,
      { id: appointment },
    );
    return body.data.appointment?.documents.nodes ?? [];
  };
  const byId = async (who: string, id: string): Promise<Json> =>
    (await world.as(who, `query ($id: UUID!) { appointmentDocument(id: $id) { ${fields} } }`, { id })).body
      .data.appointmentDocument;
  const draft = (advice: string) =>
    does("stefan", "draftDocument", { appointmentId: appointment, templateId, content: { advice } });
  const strangers = ["bogdan", "dan", "beata", "elena"];

  describe("DOC-04: a patient has the own documents, by signed URL", () => {
    test("nothing of a draft is seen by the patient, and it has no file", async () => {
      const { id } = await draft("Repaus o săptămână");
      expect(await byId("stefan", id)).toMatchObject({ status: "DRAFT", files: { nodes: [] } });
      for (const who of ["ana", "andrei", ...strangers]) {
        expect(await byId(who, id), who).toBeNull();
        expect((await seen(who)).map((document) => document.id)).not.toContain(id);
      }
      await does("stefan", "cancelDocument", { documentId: id, reason: "Altă formulare" });
      expect(await byId("ana", id)).toBeNull();
    });

    test("the patient and who cares for the patient download what was issued; nobody else finds it", async () => {
      const { id } = await draft("Mers zilnic, gheață și înot");
      await does("stefan", "issueDocument", { documentId: id });
      expect((await byId("ana", id)).files.nodes).toEqual([]); // not rendered yet
      await render(id);
      const hashes = new Set<string>();
      for (const who of ["ana", "andrei", "stefan"]) {
        const [listed] = (await seen(who)).filter((document) => document.id === id);
        expect(listed, who).toMatchObject({
          status: "ISSUED",
          content: { advice: "Mers zilnic, gheață și înot" },
        });
        const [{ filename, download }] = listed.files.nodes;
        expect(filename).toMatch(/^.+ \d{4}-\d+\.pdf$/);
        expect(new URL(download.url).searchParams.get("X-Amz-Expires")).toBe("300");
        const response = await fetch(download.url);
        expect(response.headers.get("content-type")).toBe("application/pdf");
        const bytes = Buffer.from(await response.arrayBuffer());
        expect((await textOf(bytes)).join(" ")).toContain("Mers zilnic, gheață și înot");
        hashes.add(createHash("sha256").update(bytes).digest("hex"));
        // The signature is part of the URL: not a character of it can be exchanged.
        expect(
          (await fetch(download.url.replace(/.$/, (last: string) => (last === "0" ? "1" : "0")))).status,
        ).toBe(403);
      }
      expect(hashes.size).toBe(1);
      const fileId = (await byId("ana", id)).files.nodes[0].id;
      for (const who of strangers) {
        expect(await byId(who, id), who).toBeNull();
        expect(await seenBy(who, fileId), who).toBeNull();
        expect((await seen(who)).length).toBe(0);
      }
      const visitor = await world.api.graphql(
        "query ($id: UUID!, $fileId: UUID!) { appointmentDocument(id: $id) { id } file(id: $fileId) { id } }",
        { variables: { id, fileId } },
      );
      expect(visitor.text).not.toContain(fileId);
    });

    test("neither the patient nor a stranger writes one", async () => {
      const { id } = await draft("Exerciții");
      for (const who of ["ana", "andrei", ...strangers]) {
        for (const [verb, more] of [
          ["issueDocument", {}],
          ["cancelDocument", { reason: "Așa vreau" }],
        ] as const) {
          const input = `${verb[0]?.toUpperCase()}${verb.slice(1)}Input`;
          const answer = await world.as(
            who,
            `mutation ($input: ${input}!) { ${verb}(input: $input) { appointmentDocument { id } } }`,
            { input: { documentId: id, ...more } },
          );
          expect(refusalOf(answer).code, `${who} ${verb}`).toBe("NOT_FOUND");
        }
      }
    });

    test("what was issued and is void stays with the patient, who is told so and why; a successor stands beside it", async () => {
      const { id } = await draft("Fără efort");
      await does("stefan", "issueDocument", { documentId: id });
      await render(id);
      const successor = await does("stefan", "replaceDocument", {
        documentId: id,
        reason: "Greșeală de tipar",
      });
      expect(await byId("ana", successor.id)).toBeNull();
      await does("stefan", "issueDocument", { documentId: successor.id });
      await render(successor.id);
      expect(await byId("ana", id)).toMatchObject({ status: "REPLACED" });
      await does("stefan", "cancelDocument", { documentId: successor.id, reason: "Pacient greșit" });
      for (const who of ["ana", "andrei"]) {
        const voided = await byId(who, successor.id);
        expect(voided, who).toMatchObject({ status: "CANCELLED", reason: "Pacient greșit" });
        expect((await fetch(voided.files.nodes[0].download.url)).status).toBe(200);
      }
      for (const who of strangers) expect(await byId(who, successor.id)).toBeNull();
    });
  });
}
