import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { cachedJwks } from "../identity/keys.ts";
import { refusalOf, startTestApi, type TestApi } from "./support.ts";

const MILLION = 1_000_000;
const bomb = Buffer.from(JSON.stringify({ query: `{ me { id } } #${" ".repeat(50 * MILLION)}` }));
const packings = { gzip: gzipSync(bomb), deflate: deflateSync(bomb), br: brotliCompressSync(bomb) };

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ because: "it is sent what unpacks to 50 MB, which others would wait for" });
});
afterAll(() => api.close());

describe("FND-27, FND-13: what is small on the way is not made large by us", () => {
  it.each(["/graphql", "/v1/public/holds", "/v1/public/bookings", "/v1/webhooks/clerk"])(
    "a compressed body at %s is refused as it is",
    async (path) => {
      for (const [encoding, body] of Object.entries(packings)) {
        const answer = await api.fetch(path, {
          method: "POST",
          headers: { "content-type": "application/json", "content-encoding": encoding },
          body: new Uint8Array(body),
        });
        expect([answer.status, refusalOf(answer).code], `${encoding} ${answer.text}`).toEqual([
          415,
          "UNSUPPORTED_MEDIA_TYPE",
        ]);
      }
    },
  );

  it("a socket that offers compression gets none", async () => {
    const socket = new WebSocket(`${api.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
      perMessageDeflate: { threshold: 0 },
    });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    expect(socket.extensions).toBe("");
    socket.terminate();
  });

  describe("the keys of an identity provider", () => {
    let provider: Server;
    let url: string;
    let answer: Buffer;
    let encoding: "identity" | "gzip" = "identity";
    beforeAll(async () => {
      provider = createServer((_, response) => {
        response
          .writeHead(200, { "content-type": "application/json", "content-encoding": encoding })
          .end(answer);
      });
      await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
      url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    });
    afterAll(() => provider.close());

    it("are read up to what keys can be, however small they come", async () => {
      const { n, e } = { n: "sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1Wl", e: "AQAB" };
      const keys = [{ kid: "one", kty: "RSA", n, e }];
      encoding = "identity";
      answer = Buffer.from(JSON.stringify({ keys }));
      expect(await cachedJwks(url)("one")).toContain("BEGIN PUBLIC KEY");
      answer = Buffer.from(JSON.stringify({ padding: "x".repeat(MILLION), keys }));
      expect(await cachedJwks(url)("one")).toBeNull();
      // We ask for none that is packed, and unpack none.
      encoding = "gzip";
      answer = gzipSync(JSON.stringify({ padding: "x".repeat(50 * MILLION), keys }));
      expect(await cachedJwks(url)("one")).toBeNull();
    });
  });
});
