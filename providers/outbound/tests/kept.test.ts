import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type KeptConnections, keptConnections, type ResolveAll, request } from "../index.ts";

const open: { close(): unknown; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

/** A receiver that tells over which of its connections a request came. */
async function receiver(answer: RequestListener = (_, response) => response.writeHead(204).end()) {
  const came: number[] = [];
  const sockets: Socket[] = [];
  const server = createServer((asked, response) => {
    came.push(sockets.indexOf(asked.socket));
    answer(asked, response);
  });
  server.on("connection", (socket) => sockets.push(socket));
  open.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { came, sockets, url: `http://hooks.localhost:${(server.address() as AddressInfo).port}/` };
}

const leadsTo =
  (...addresses: string[]): ResolveAll =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
const ask = (url: string, kept: KeptConnections, resolve = leadsTo("127.0.0.1"), timeoutMs = 5_000) =>
  request(url, { reach: "here", resolve, kept, timeoutMs, longest: 100 });
/** A connection is free a moment after its answer was read. */
const aMoment = () => new Promise((passed) => setTimeout(passed, 20));

describe("connections that are used again (FND-35, WHK-03)", () => {
  test("by requests to one URL, one after the other; another URL of the host has its own", async () => {
    const { url, came } = await receiver();
    const kept = keptConnections();
    for (const path of ["a", "a", "b", "a", "b"]) {
      await ask(url + path, kept);
      await aMoment();
    }
    expect(came).toEqual([0, 0, 1, 0, 1]);
  });

  test("only where the name leads to the same addresses, which are looked up each time", async () => {
    const { url, came } = await receiver();
    const kept = keptConnections();
    let asked = 0;
    const counted =
      (resolve: ResolveAll): ResolveAll =>
      (name) => {
        asked += 1;
        return resolve(name);
      };
    await ask(url, kept, counted(leadsTo("127.0.0.1")));
    await aMoment();
    await ask(url, kept, counted(leadsTo("127.0.0.1", "127.0.0.2")));
    await aMoment();
    await ask(url, kept, counted(leadsTo("127.0.0.2", "127.0.0.1")));
    expect(came).toEqual([0, 1, 1]);
    expect(asked).toBe(3);
  });

  test("not where it leads inside meanwhile, whatever is open", async () => {
    const { url, came } = await receiver();
    const kept = keptConnections();
    await ask(url, kept);
    await aMoment();
    for (const resolve of [leadsTo("10.0.0.1"), leadsTo("127.0.0.1", "10.0.0.1"), leadsTo()]) {
      await expect(ask(url, kept, resolve)).rejects.toMatchObject({ name: "NotPublic" });
    }
    expect(came).toEqual([0]);
  });

  test("a look-up that does not come back is over in time", async () => {
    const never: ResolveAll = () => new Promise(() => {});
    await expect(ask("http://hooks.localhost:1/", keptConnections(), never, 50)).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });

  test("one that the other side closes as it is used is no failure: the request goes over a new one", async () => {
    let requests = 0;
    const connections: Socket[] = [];
    const server = createTcpServer((socket) => {
      connections.push(socket);
      socket.on("error", () => {});
      socket.on("data", () => {
        requests += 1;
        // The second request over a connection is met by its end.
        if (requests === 2) socket.resetAndDestroy();
        else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      });
    });
    open.push(server);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const url = `http://hooks.localhost:${(server.address() as AddressInfo).port}/`;
    const kept = keptConnections();
    await ask(url, kept);
    await aMoment();
    expect(await ask(url, kept)).toMatchObject({ status: 200 });
    expect([connections.length, requests]).toEqual([2, 3]);
    for (const socket of connections) socket.destroy();
  });

  test("a new one that is closed is a failure, and is not tried twice", async () => {
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections += 1;
      socket.on("error", () => {});
      socket.on("data", () => socket.resetAndDestroy());
    });
    open.push(server);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const url = `http://hooks.localhost:${(server.address() as AddressInfo).port}/`;
    await expect(ask(url, keptConnections())).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(connections).toBe(1);
  });

  test("what comes unasked over an idle one ends it, and is nobody's answer", async () => {
    const { url, came, sockets } = await receiver();
    const kept = keptConnections();
    await ask(url, kept);
    await aMoment();
    sockets[0]?.write("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n");
    await aMoment();
    expect(await ask(url, kept)).toMatchObject({ status: 204 });
    expect(came).toEqual([0, 1]);
  });

  test("one whose answer was cut off is not used again", async () => {
    const { url, came } = await receiver((_, response) => {
      response.writeHead(200).write("x".repeat(200_000));
    });
    const kept = keptConnections();
    const cut = () =>
      request(url, {
        reach: "here",
        resolve: leadsTo("127.0.0.1"),
        kept,
        timeoutMs: 5_000,
        longest: 100,
        cut: true,
      });
    expect((await cut()).body.length).toBe(100);
    await aMoment();
    await cut();
    expect(came).toEqual([0, 1]);
  });
});
