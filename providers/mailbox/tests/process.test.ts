// Starts processes: the mailbox is asked as the process that npm start makes of it.
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, test } from "vitest";

const place = mkdtempSync(path.join(tmpdir(), "mailbox-process-"));
afterAll(() => rmSync(place, { recursive: true }));

const main = path.resolve(import.meta.dirname, "../main.ts");
const start = (env: Record<string, string>) => {
  const child = fork(main, { env: { ...process.env, DATA_DIR: place, ...env }, execArgv: [], silent: true });
  const said = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : "")));
  return { child, said, ended: once(child, "exit") };
};
const listening = async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: String((server.address() as AddressInfo).port), server };
};
const freePort = async () => {
  const { port, server } = await listening();
  await new Promise((resolve) => server.close(resolve));
  return port;
};

describe("the mailbox as a process of its own (FND-15)", () => {
  test("says where it is when it is there, and ends when told, or when nobody is there to tell", async () => {
    const [MAILBOX_PORT, smtp] = [await freePort(), await freePort()];
    const url = `http://localhost:${MAILBOX_PORT}`;
    for (const [SMTP_URL, has, end] of [
      [`smtp://127.0.0.1:${smtp}`, smtp, "disconnect"],
      ["smtps://mail.example", "none", "SIGTERM"],
    ] as const) {
      const { child, said, ended } = start({ MAILBOX_PORT, SMTP_URL });
      expect(await Promise.race([once(child, "message"), ended])).toContain("ready");
      expect((await fetch(url)).status).toBe(200);
      if (end === "disconnect") child.disconnect();
      else child.kill(end);
      expect(await ended).toEqual([0, null]);
      expect(await said).toEqual([`Mailbox: ${url} (SMTP on port ${has})\n`, ""]);
    }
  });

  test("is at port 4080 where no other is named", async () => {
    const { child, said, ended } = start({ MAILBOX_PORT: "", SMTP_URL: "smtps://mail.example" });
    await Promise.race([once(child, "message"), ended]);
    child.kill();
    // Or would be, while somebody else is there.
    expect((await said).join("")).toMatch(/localhost:4080|Port 4080 is taken/);
    expect(existsSync(path.join(place, "mailbox"))).toBe(true);
  });

  test("says in one line what keeps it from starting", async () => {
    const { port, server } = await listening();
    const range = "MAILBOX_PORT must be a port number between 1 and 65535.\n";
    const outcomes = ["0", "65536", port].map(async (MAILBOX_PORT) => {
      const { said, ended } = start({ MAILBOX_PORT, SMTP_URL: "smtps://mail.example" });
      return [(await ended)[0], ...(await said)];
    });
    expect(await Promise.all(outcomes)).toEqual([
      [1, "", range],
      [1, "", range],
      [1, "", `Port ${port} is taken: set MAILBOX_PORT or SMTP_URL.\n`],
    ]);
    server.close();
  });

  test("shows where it failed when nobody foresaw it", async () => {
    const { said, ended } = start({
      MAILBOX_PORT: await freePort(),
      SMTP_URL: "smtps://mail.example",
      DATA_DIR: main, // a file, not a folder
    });
    expect((await ended)[0]).toBe(1);
    expect((await said)[1]).toMatch(/ENOTDIR[\s\S]*\n {4}at /);
  });
});
