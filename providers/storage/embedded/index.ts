import { once } from "node:events";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { EMBEDDED_BUCKET, EMBEDDED_REGION } from "../index.ts";
import type { S3Settings } from "../s3.ts";
import { objectsFolder, openCredentials } from "./credentials.ts";
import { Disk } from "./disk.ts";
import { objectsServer } from "./server.ts";

export type EmbeddedObjects = {
  port: number;
  /** How an S3 client reaches it. */
  settings: S3Settings;
  stop(): Promise<void>;
};

/** The embedded object store, with its data under `dataDir`; port 0 takes any free one (FND-13, FND-30). */
export async function startObjects({
  port,
  dataDir,
  host = "127.0.0.1",
}: {
  port: number;
  dataDir: string;
  /** Only this machine, unless somebody decides otherwise. */
  host?: string;
}): Promise<EmbeddedObjects> {
  const credentials = openCredentials(dataDir);
  const disk = await Disk.open(path.join(objectsFolder(dataDir), EMBEDDED_BUCKET));
  const server = objectsServer({ disk, bucket: EMBEDDED_BUCKET, region: EMBEDDED_REGION, credentials });
  server.listen(port, host);
  await once(server, "listening");
  const { port: listening } = server.address() as AddressInfo;

  return {
    port: listening,
    settings: {
      bucket: EMBEDDED_BUCKET,
      region: EMBEDDED_REGION,
      endpoint: `http://localhost:${listening}`,
      pathStyle: true,
      credentials,
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const impatient = setTimeout(() => server.closeAllConnections(), 3_000);
      await closed;
      clearTimeout(impatient);
    },
  };
}
