import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedObjects, startObjects } from "../../../providers/storage/embedded/index.ts";
import type { ObjectStore } from "../../../providers/storage/port.ts";
import { s3Store } from "../../../providers/storage/s3.ts";
import { type Answer, type Json, startTestApi, type TestApi, wideRates } from "../../tests/support.ts";

/** Two clinics with an API and an object store, both real, and what a frontend does with them. */
export type FilesWorld = {
  api: TestApi;
  objects: EmbeddedObjects;
  store: ObjectStore;
  id(name: string): Promise<string>;
  as(name: string, query: string, variables?: object): Promise<Answer>;
  announce(name: string, file: Announced): Promise<Answer>;
  confirm(name: string, fileId: string): Promise<Answer>;
  /** All three steps; answers with the confirmed file. */
  upload(name: string, file: Announced): Promise<Json>;
  row(fileId: string): Promise<Json>;
  keys(): Promise<string[]>;
  close(): Promise<void>;
};

export type Announced = {
  surface: string;
  ownerId: string;
  bytes: Buffer;
  filename?: string;
  contentType?: string;
  sizeBytes?: number;
  sha256?: string;
};

const fileFields = `
  id status rejection filename contentType sizeBytes sha256
  upload { url expiresAt headers { name value } }
  download { url expiresAt }`;

export async function openFilesWorld(because: string): Promise<FilesWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), "restartix-files-"));
  const objects = await startObjects({ port: 0, dataDir });
  const store = s3Store(objects.settings);
  const api = await startTestApi({
    because,
    config: { storage: objects.settings, rates: wideRates },
    furniture: "two clinics",
    before: `
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p`,
  });

  const as: FilesWorld["as"] = (name, query, variables) =>
    api.graphql(query, {
      token: api.token({ subject: `dev_${name}`, email: `${name}@people.test`, name }),
      ...(variables ? { variables } : {}),
    });
  const announce: FilesWorld["announce"] = (name, { bytes, ...file }) =>
    as(
      name,
      `mutation ($input: RequestUploadInput!) { requestUpload(input: $input) { file { ${fileFields} } } }`,
      {
        input: {
          filename: "Scrisoare medicală.pdf",
          contentType: "application/pdf",
          sizeBytes: String(bytes.length),
          sha256: createHash("sha256").update(bytes).digest("hex"),
          ...file,
        },
      },
    );
  const confirm: FilesWorld["confirm"] = (name, fileId) =>
    as(
      name,
      `mutation ($fileId: UUID!) { confirmUpload(input: { fileId: $fileId }) { file { ${fileFields} } } }`,
      { fileId },
    );

  return {
    api,
    objects,
    store,
    as,
    announce,
    confirm,
    async id(name) {
      const [row] = await api.sql("select tests.id($1) as id", [name]);
      return row.id;
    },
    async upload(name, file) {
      const announced = await announce(name, file);
      const pending = announced.body?.data?.requestUpload?.file;
      if (!pending) throw new Error(announced.text);
      const put = await send(pending.upload, file.bytes);
      if (!put.ok) throw new Error(await put.text());
      const confirmed = await confirm(name, pending.id);
      const result = confirmed.body?.data?.confirmUpload?.file;
      if (!result) throw new Error(confirmed.text);
      return result;
    },
    async row(fileId) {
      const [row] = await api.sql("select * from app_public.files where id = $1", [fileId]);
      return row;
    },
    async keys() {
      return (await Array.fromAsync(store.list(""))).map(({ key }) => key);
    },
    async close() {
      await api.close();
      store.close();
      await objects.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** What a browser does with File.upload. */
export function send(upload: Json, bytes: Buffer): Promise<Response> {
  const headers = Object.fromEntries(upload.headers.map(({ name, value }: Json) => [name, value]));
  return fetch(upload.url, { method: "PUT", headers, body: new Uint8Array(bytes) });
}
