import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import express from "express";
import { DEV_ISSUER } from "../../../runtime/environment/variables.ts";
import { createPages } from "../../pages/index.ts";

/** The pages alone, without the API that they ask: for those that ask nothing. */
export async function servePages(): Promise<{ url: string; close(): void }> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-pages-"));
  const storage = { bucket: "none", region: "eu-central-1", endpoint: "http://127.0.0.1:9", pathStyle: true };
  const identity = { source: "dev_issuer" as const, issuer: DEV_ISSUER, authorizedParties: [] };
  const telemetry = { url: "http://127.0.0.1:9", secret: new Uint8Array(32) };
  const pages = createPages({ mode: "embedded", dataDir, identity, storage, telemetry, vendors: {} });
  const server = createServer(express().use(pages)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(dataDir, { recursive: true });
    },
  };
}
