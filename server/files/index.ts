import type { Pool } from "pg";
import { z } from "zod";
import { CredentialsRefused } from "../../providers/failures.ts";
import { type ObjectStores, StorageUnavailable } from "../../providers/storage/port.ts";
import { Refusal } from "../../runtime/refusal.ts";
import type { Settings } from "../identity/session.ts";
import { confirmUpload } from "./confirm_upload.ts";

/** A row of app_public.files as far as its URLs depend on it. */
export const fileRow = z.object({
  organizationId: z.string(),
  status: z.string(),
  filename: z.string(),
  contentType: z.string(),
  sizeBytes: z.string(),
  sha256: z.string(),
  objectKey: z.string(),
  uploadedKey: z.string(),
  uploadedBy: z.string(),
  expiresAt: z.string().nullable(),
});
export type FileRow = z.output<typeof fileRow>;

/** What of it a download is made of. */
export type DownloadRow = Pick<
  FileRow,
  "organizationId" | "status" | "filename" | "contentType" | "objectKey"
>;

export type SignedUrl = { url: string; expiresAt: string };
export type UploadUrl = SignedUrl & { headers: { name: string; value: string }[] };

/** What the schema does with files beyond SQL. */
export type Files = {
  /** Resolves when the file is confirmed; throws a Refusal otherwise. */
  confirm(settings: Settings, fileId: string): Promise<void>;
  /** For the uploader, while the bytes are awaited. */
  upload(settings: Settings, file: FileRow): Promise<UploadUrl | null>;
  /** For whoever may read the row, once it is confirmed. */
  download(file: DownloadRow): Promise<SignedUrl | null>;
  /** The bytes of an object of a clinic, for what the server itself makes of them; null where there is none. */
  read(organizationId: string, objectKey: string): Promise<AsyncIterable<Uint8Array> | null>;
};

const UPLOAD_SECONDS = 600;
const DOWNLOAD_SECONDS = 300;
/** Each holds a whole file in memory. */
const CHECKS_AT_ONCE = 4;
const CHECK_MS = 20_000;

export function createFiles({ pool, objects }: { pool: Pool; objects: ObjectStores }): Files {
  let checking = 0;
  return {
    async confirm(settings, fileId) {
      if (checking >= CHECKS_AT_ONCE) throw new Refusal("UNAVAILABLE", "checks_busy");
      checking += 1;
      const work = confirmUpload({ pool, objects }, settings, fileId).finally(() => {
        checking -= 1;
      });
      await within(CHECK_MS, asked(work));
    },

    async upload(settings, file) {
      const { status, expiresAt, uploadedBy } = file;
      if (status !== "pending" || uploadedBy !== settings["app.principal_id"]) return null;
      if (!expiresAt || Date.parse(expiresAt) <= Date.now()) return null;
      const store = await asked(objects.for(file.organizationId));
      const { headers, ...signed } = await asked(
        store.presignUpload(file.uploadedKey, {
          contentType: file.contentType,
          size: Number(file.sizeBytes),
          sha256: Buffer.from(file.sha256, "hex"),
          expiresInSeconds: UPLOAD_SECONDS,
        }),
      );
      return {
        ...toUrl(signed),
        headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      };
    },

    async download({ status, organizationId, objectKey, filename, contentType }) {
      if (status !== "confirmed") return null;
      const store = await asked(objects.for(organizationId));
      return toUrl(
        await asked(
          store.presignDownload(objectKey, { filename, contentType, expiresInSeconds: DOWNLOAD_SECONDS }),
        ),
      );
    },

    async read(organizationId, objectKey) {
      const store = await asked(objects.for(organizationId));
      return await asked(store.get(objectKey));
    },
  };
}

function toUrl({ url, expiresAt }: { url: string; expiresAt: Date }): SignedUrl {
  return { url, expiresAt: expiresAt.toISOString() };
}

/** Turns a failure of the store into UNAVAILABLE: the caller cannot mend it, and its reasons are not for the caller. */
function asked<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    if (error instanceof StorageUnavailable || error instanceof CredentialsRefused) {
      throw new Refusal("UNAVAILABLE", "storage_unavailable");
    }
    throw error;
  });
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Refusal("UNAVAILABLE", "check_too_slow")), ms);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
