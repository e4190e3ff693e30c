// Starts processes: a process that renders is killed between the bytes and the record of them.
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JobHelpers } from "graphile-worker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bareEnv } from "../../db/testing/bare_env.ts";
import { textOf } from "../../pdf/tests/read_pdf.ts";
import { type EmbeddedObjects, startObjects } from "../../providers/storage/embedded/index.ts";
import { type ObjectStore, StorageUnavailable } from "../../providers/storage/index.ts";
import { s3Store } from "../../providers/storage/s3.ts";
import renderDocument from "../definitions/render_document.ts";
import { type Clinic, openClinic, transaction } from "./database.ts";
import { nowhere } from "./nowhere.ts";

let clinic: Clinic;
let dataDir: string;
let objects: EmbeddedObjects;
let store: ObjectStore;
let puts = 0;

beforeAll(async () => {
  clinic = await openClinic("documents are rendered by several processes, in commits of their own");
  await transaction(clinic.admin, (client) =>
    client.query(`
      select tests.staff('raluca', 'admin', 'atlas');
      select tests.patient('ștefania mureșan', 'atlas', email => 'stefania@example.test');
      select tests.appointment('visit', 'ștefania mureșan', 'mondays', 'ana', '2027-03-08 07:00+00');
      select app_private.give_predefined_documents(tests.id('atlas'));`),
  );
  dataDir = mkdtempSync(path.join(tmpdir(), "restartix-documents-"));
  objects = await startObjects({ port: 0, dataDir });
  store = s3Store(objects.settings);
});
afterAll(async () => {
  store.close();
  await objects.stop();
  await clinic.drop();
  rmSync(dataDir, { recursive: true });
});

const counted = () => ({
  ...store,
  get: store.get.bind(store),
  put(...put: Parameters<ObjectStore["put"]>) {
    puts += 1;
    return store.put(...put);
  },
});
const rendered = (documentId: string, to: ObjectStore = counted()) =>
  renderDocument.run(
    { documentId },
    { query: clinic.worker.query.bind(clinic.worker) } as unknown as JobHelpers,
    {
      ...nowhere,
      objects: { for: async () => to, close() {} },
    },
  );

const draft = `select (app_public.draft_document(tests.id('visit'), (
  select id from app_public.pdf_templates where key = 'consultation_report_ro' and organization_id = tests.id('atlas')),
  jsonb_build_object('findings', $1::text))`;

/** A report of the visit, issued by the clinic's staff. */
async function issue(findings: string): Promise<string> {
  return transaction(clinic.admin, async (client) => {
    await client.query("select tests.act_as('raluca')");
    const drafted = await client.query(`${draft}).id`, [findings]);
    await client.query("select app_public.issue_document($1)", [drafted.rows[0].id]);
    return drafted.rows[0].id;
  });
}
const fileOf = async (documentId: string) =>
  (
    await clinic.admin.query(
      `select files.*, rendered.pages, inputs.failure from app_private.document_inputs as inputs
       left join app_private.rendered_documents as rendered using (organization_id, input_sha256)
       left join app_public.files on files.id = rendered.file_id where inputs.document_id = $1`,
      [documentId],
    )
  ).rows[0];
const bytesOf = async (key: string) => Buffer.concat(await Array.fromAsync((await store.get(key)) ?? []));
const objectsIn = async () => (await Array.fromAsync(store.list(""))).length;

describe("render_document (DOC-02, DOC-04, DOC-05)", () => {
  test("an issued report is in the store as its row says, once, and a job for it is queued as it is issued", async () => {
    const id = await issue("Mobilitate bună; țesut cicatricial.");
    const queued = await clinic.admin.query(
      "select count(*)::int as jobs from graphile_worker.jobs where task_identifier = 'render_document' and key = $1",
      [`render_document:${id}`],
    );
    expect(queued.rows[0].jobs).toBe(1);
    puts = 0;
    await rendered(id);
    await rendered(id);
    const file = await fileOf(id);
    const bytes = await bytesOf(file.object_key);
    expect(puts).toBe(1);
    expect(file).toMatchObject({
      status: "confirmed",
      content_type: "application/pdf",
      pages: 1,
      failure: null,
    });
    expect(file.size_bytes).toBe(String(bytes.length));
    expect(file.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    const text = (await textOf(bytes)).join("\n");
    for (const words of ["Ștefania Mureșan", "Mobilitate bună; țesut cicatricial.", "Clinica Atlas"])
      expect(text).toContain(words);
  });

  test("two at once make one document", async () => {
    const id = await issue("De două ori.");
    await Promise.all([rendered(id), rendered(id)]);
    const { rows } = await clinic.admin.query(
      "select count(*)::int as told from app_private.events where name = 'document.rendered' and subject_id = $1",
      [id],
    );
    expect(rows[0].told).toBe(1);
    expect((await fileOf(id)).status).toBe("confirmed");
  });

  test("killed between the bytes and the record, it is done again and there is one object", async () => {
    const id = await issue("Întrerupt.");
    const before = await objectsIn();
    const child = fork(
      new URL("dying_renderer.ts", import.meta.url),
      [clinic.urls.worker, JSON.stringify(objects.settings), id],
      { env: bareEnv, execArgv: [] },
    );
    const [, signal] = await once(child, "exit");
    expect(signal).toBe("SIGKILL");
    expect(await objectsIn()).toBe(before + 1);
    expect((await fileOf(id)).status).toBeNull();
    await rendered(id);
    expect(await objectsIn()).toBe(before + 1);
    expect((await fileOf(id)).status).toBe("confirmed");
  });

  test("why it failed is kept beside the document until it succeeds", async () => {
    const id = await issue("Fără depozit.");
    const down = { ...store, put: () => Promise.reject(new StorageUnavailable("no answer")) } as ObjectStore;
    await expect(rendered(id, down)).rejects.toThrow("no answer");
    expect((await fileOf(id)).failure).toContain("StorageUnavailable");
    await rendered(id);
    expect((await fileOf(id)).failure).toBeNull();
  });

  test("a signed form is printed with what was answered, the name that was typed, and the hash of its proof (DOC-05, CNS-07)", async () => {
    const id = await transaction(clinic.admin, async (client) => {
      const patient = "ștefania mureșan";
      await client.query(
        `select tests.form_template('plain', '[{"key": "pain", "type": "text", "label": {"ro": "Ce vă doare?"}}]', signature_mode => 'click_typed', clinic => 'atlas')`,
      );
      await client.query("select tests.form('one', $1, 'plain', 'atlas')", [patient]);
      await client.query("select tests.act_as($1)", [patient]);
      await client.query(
        `select app_public.sign_form(tests.id('one'), tests.text_hash('one'), 'ro', 'Ștefania Mureșan', true, '{"pain": "Umărul, când țin brațul sus"}')`,
      );
      const { rows } = await client.query("select (app_public.request_form_document(tests.id('one'))).id");
      return rows[0].id;
    });
    await rendered(id);
    const { object_key, owner_kind } = await fileOf(id);
    expect(owner_kind).toBe("form");
    const text = (await textOf(await bytesOf(object_key))).join("\n").replaceAll(/\s+/g, " ");
    const { rows } = await clinic.admin.query("select proof_sha256 from app_public.form_signatures");
    for (const words of [
      "Ce vă doare?",
      "Umărul, când țin brațul sus",
      "Ștefania Mureșan",
      rows[0].proof_sha256,
    ])
      expect(text).toContain(words);
  });

  test("an input that makes no document is refused with its reason, and nothing is put", async () => {
    const { rows } = await transaction(clinic.admin, async (client) => {
      await client.query("select tests.act_as('raluca')");
      const drafted = await client.query(`${draft}).id`, ["Stricat."]);
      await client.query("select tests.act_as('the database')");
      await client.query(
        `select app_private.freeze_document_input(tests.id('atlas'), $1, null, '{"blocks": [{"type": "script"}]}')`,
        [drafted.rows[0].id],
      );
      return drafted;
    });
    const { id } = rows[0];
    puts = 0;
    await expect(rendered(id)).rejects.toMatchObject({ reason: "input_not_valid" });
    expect((await fileOf(id)).failure).toContain("input_not_valid: document");
    expect(puts).toBe(0);
  });

  test("a document that is not there is no work", async () => {
    await rendered("00000000-0000-7000-8000-000000000000");
  });
});
