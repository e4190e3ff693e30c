import { once } from "node:events";
import http from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectTo, outboundAgents } from "../connect.ts";
import { checkedLookup, type ResolveAll, requireReachable } from "../lookup.ts";
import { AnswerTooLong, request } from "../request.ts";

let connections = 0;
const behind = createServer((socket) => {
  connections += 1;
  socket.once("data", () =>
    socket.end("HTTP/1.1 200 OK\r\nlocation: http://elsewhere.test/\r\ncontent-length: 5\r\n\r\nhello"),
  );
  socket.on("error", () => {});
});
let port: number;
beforeAll(async () => {
  behind.listen(0, "127.0.0.1");
  await once(behind, "listening");
  port = (behind.address() as AddressInfo).port;
});
beforeEach(() => {
  connections = 0;
});
afterAll(() => {
  behind.close();
});

const leadsTo =
  (...addresses: string[]): ResolveAll =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
/** Every way out, to a host. */
const ways: Record<string, (host: string, resolve?: ResolveAll) => Promise<unknown>> = {
  "a connection": async (host, resolve) =>
    (await connectTo({ host, port, timeoutMs: 1_000 }, { reach: "public", resolve })).destroy(),
  "a request": (host, resolve) =>
    request(`http://${host}:${port}/`, { reach: "public", resolve, timeoutMs: 1_000, longest: 100 }),
  "a request over TLS": (host, resolve) =>
    request(`https://${host}:${port}/`, { reach: "public", resolve, timeoutMs: 1_000, longest: 100 }),
  "a client with our agent": async (host, resolve) => {
    const asked = http.get({ host, port, agent: outboundAgents({ reach: "public", resolve }).httpAgent });
    await once(asked, "response");
  },
};
const waysAndChecks: typeof ways = {
  ...ways,
  "a host that is saved": (host, resolve) => requireReachable(host, { reach: "public", resolve }),
};

describe.each(Object.entries(waysAndChecks))("%s goes where it may, and nowhere else (FND-35)", (_, go) => {
  test.each([
    "127.0.0.1",
    "0x7f.1",
    "127.1",
    "0177.0.0.1",
    "2130706433",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::]",
    "localhost",
    "localhost.",
  ])("not to %s", async (host) => {
    await expect(go(host)).rejects.toMatchObject({ name: "NotPublic" });
    expect(connections).toBe(0);
  });

  test.each([
    ["127.0.0.1"],
    ["::1"],
    ["::ffff:127.0.0.1"],
    ["10.0.0.1"],
    ["100.64.0.1"],
    ["64:ff9b::7f00:1"],
    ["fe80::1"],
    ["fd00::1"],
  ])("not by a public name that leads to %s, alone or beside a public address", async (address) => {
    await expect(go("rebind.example.com", leadsTo(address))).rejects.toMatchObject({ name: "NotPublic" });
    await expect(go("rebind.example.com", leadsTo("93.184.216.34", address))).rejects.toMatchObject({
      name: "NotPublic",
    });
    expect(connections).toBe(0);
  });
});

test("a host is saved where its name leads to public addresses alone, and to one at least (FND-35)", async () => {
  const saved = (...addresses: string[]) =>
    requireReachable("name.example.com", { reach: "public", resolve: leadsTo(...addresses) });
  await expect(saved("93.184.216.34", "2606:4700::1111")).resolves.toBeUndefined();
  await expect(saved()).rejects.toMatchObject({ name: "NotPublic" });
});

describe("a name is asked once (FND-35)", () => {
  /** Answers with this machine first, and with a neighbour when it is asked again. */
  const rebinding = () => {
    let asked = 0;
    const resolve: ResolveAll = async () => {
      asked += 1;
      return [{ address: asked === 1 ? "127.0.0.1" : "10.0.0.1", family: 4 }];
    };
    return { resolve, asked: () => asked };
  };

  test("by a connection, and by a request", async () => {
    const first = rebinding();
    const socket = await connectTo(
      { host: "x.localhost", port, timeoutMs: 1_000 },
      { reach: "here", resolve: first.resolve },
    );
    expect(socket.remoteAddress).toBe("127.0.0.1");
    socket.destroy();
    expect(first.asked()).toBe(1);
    const second = rebinding();
    const answer = await request(`http://x.localhost:${port}/`, {
      reach: "here",
      resolve: second.resolve,
      timeoutMs: 1_000,
      longest: 100,
    });
    expect(String(answer.body)).toBe("hello");
    expect(second.asked()).toBe(1);
  });

  test("and its answer is what is connected to, in either form that Node asks in", async () => {
    const look = checkedLookup("public", leadsTo("93.184.216.34", "2606:4700::1111"));
    const ask = (options: object) =>
      new Promise((resolve, reject) =>
        look("name.example", options as never, (error, address, family) =>
          error ? reject(error) : resolve([address, family]),
        ),
      );
    expect(await ask({ all: true })).toEqual([
      [
        { address: "93.184.216.34", family: 4 },
        { address: "2606:4700::1111", family: 6 },
      ],
      undefined,
    ]);
    expect(await ask({ family: 6 })).toEqual(["2606:4700::1111", 6]);
    // The address of the other family is enough to refuse the name.
    await expect(
      new Promise((resolve, reject) =>
        checkedLookup("public", leadsTo("93.184.216.34", "::1"))(
          "n.example",
          { family: 4 },
          (error, address) => (error ? reject(error) : resolve(address)),
        ),
      ),
    ).rejects.toMatchObject({ name: "NotPublic" });
  });

  test("a name that nobody knows is told as such", async () => {
    const resolve: ResolveAll = () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }));
    await expect(ways["a request"]?.("gone.example.com", resolve)).rejects.toMatchObject({
      code: "ENOTFOUND",
    });
  });
});

describe("where a connection went is looked at once more (FND-35)", () => {
  /** Leads to a public address while it is checked, and here when it is gone to. */
  const turning: ResolveAll = async () => {
    let read = 0;
    const found = {
      family: 4,
      get address() {
        read += 1;
        return read === 1 ? "93.184.216.34" : "127.0.0.1";
      },
    };
    return [found];
  };
  test.each(Object.entries(ways).filter(([name]) => name !== "a request over TLS"))(
    "%s is over before anything is sent",
    async (_, go) => {
      let heard = 0;
      const listen = (socket: Socket) => socket.on("data", () => (heard += 1));
      behind.on("connection", listen);
      await expect(go("turning.example.com", turning)).rejects.toMatchObject({ name: "NotPublic" });
      behind.off("connection", listen);
      expect(heard).toBe(0);
    },
  );
});

describe("a connection is bounded until it is there, and then left alone", () => {
  test("a name that is never answered is given up in time", async () => {
    const resolve: ResolveAll = () => new Promise(() => {});
    await expect(
      connectTo({ host: "slow.example.com", port, timeoutMs: 50 }, { reach: "public", resolve }),
    ).rejects.toMatchObject({ code: "ETIMEDOUT" });
  });
  test("nobody there is told", async () => {
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const nobody = (gone.address() as AddressInfo).port;
    gone.close();
    await expect(
      connectTo({ host: "127.0.0.1", port: nobody, timeoutMs: 1_000 }, { reach: "here" }),
    ).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
  test("a silent one stays", async () => {
    const socket = await connectTo({ host: "localhost", port, timeoutMs: 400 }, { reach: "here" });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(socket.destroyed).toBe(false);
    expect([socket.listenerCount("error"), socket.listenerCount("timeout")]).toEqual([0, 0]);
    socket.destroy();
  });
  test("a name that the system does not know is told", async () => {
    await expect(
      connectTo({ host: "nobody.invalid", port, timeoutMs: 5_000 }, { reach: "anywhere" }),
    ).rejects.toMatchObject({ syscall: "getaddrinfo" });
  });
});

describe("a request is bounded", () => {
  const ask = (longest: number) =>
    request(`http://127.0.0.1:${port}/`, { reach: "here", timeoutMs: 1_000, longest });
  test("it reads as much as it is told, and follows nobody", async () => {
    expect(await ask(5)).toMatchObject({ status: 200, headers: { location: "http://elsewhere.test/" } });
    await expect(ask(4)).rejects.toBeInstanceOf(AnswerTooLong);
    expect(connections).toBe(2);
  });

  test("it sends what it is given", async () => {
    let heard = "";
    const listen = (socket: Socket) => socket.on("data", (bytes) => (heard += bytes));
    behind.on("connection", listen);
    await request(`http://127.0.0.1:${port}/x?y`, {
      reach: "here",
      method: "POST",
      headers: { "x-word": "hello" },
      body: "body",
      timeoutMs: 1_000,
      longest: 100,
    });
    behind.off("connection", listen);
    expect(heard).toMatch(/^POST \/x\?y HTTP\/1\.1\r\nx-word: hello\r\n/);
    expect(heard).toMatch(/\r\n\r\nbody$/);
  });
  test("an answer that breaks off is an error", async () => {
    const torn = createServer((socket) => {
      socket.once("data", () =>
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe", () => socket.destroy()),
      );
    }).listen(0, "127.0.0.1");
    await once(torn, "listening");
    const url = `http://127.0.0.1:${(torn.address() as AddressInfo).port}/`;
    await expect(request(url, { reach: "here", timeoutMs: 5_000, longest: 100 })).rejects.toMatchObject({
      code: "ECONNRESET",
    });
    torn.close();
  });
});
