import { createHash } from "node:crypto";
import path from "node:path";
import { EMBEDDED_BUCKET } from "../index.ts";
import { objectsFolder } from "./credentials.ts";
import { Disk } from "./disk.ts";

/** Puts an object where the embedded store of this folder finds it, whether it runs or not. */
export async function keepObject(
  dataDir: string,
  key: string,
  bytes: Buffer,
  contentType: string,
): Promise<void> {
  const disk = await Disk.open(path.join(objectsFolder(dataDir), EMBEDDED_BUCKET));
  async function* pieces() {
    yield bytes;
  }
  const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
  await disk.put(key, pieces(), { ifAbsent: false, seal: () => ({ contentType, etag }) });
}
