// Starts processes: how the API starts, ends and what it prints is seen from outside.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bareEnv } from "../../db/testing/bare_env.ts";
import { ifBusy } from "../../db/testing/busy.ts";
import { createTestDatabase, type TestDatabase } from "../../db/testing/server.ts";
import { DEV_ISSUER } from "../../runtime/environment/variables.ts";
import { openDevIssuer } from "../identity/dev_issuer.ts";
import { probes } from "./probes.ts";
import { PARTY } from "./support.ts";

const entry = join(import.meta.dirname, "..", "main.ts");
let database: TestDatabase;
let dataDir: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  database = await createTestDatabase({ because: "processes of the API connect to it and commit" });
  const admin = new pg.Client(database.urls.admin);
  await admin.connect();
  await admin.query(probes);
  await admin.end();
  dataDir = mkdtempSync(join(tmpdir(), "restartix-process-"));
});
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

type Started = { child: ChildProcess; url: string; output(): string; exit: Promise<number | null> };

function start(env: Record<string, string | undefined>, { ipc = false } = {}): Started {
  const child = spawn(process.execPath, [entry], {
    env: {
      ...bareEnv,
      AUTHENTICATOR_DATABASE_URL: database.urls.authenticator,
      DATA_DIR: dataDir,
      LOG_LEVEL: "trace",
      ...env,
    },
    stdio: ipc ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let output = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    output += chunk;
  });
  const exit = once(child, "exit").then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  return { child, url: `http://localhost:${env.PORT}`, output: () => output, exit };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + ifBusy(15_000);
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("waited too long");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const isUp = (url: string) =>
  fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  );

function freePort(): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(String(typeof address === "object" ? address?.port : 0)));
    });
  });
}

const ask = (url: string, body: object, token?: string) =>
  fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });

const failure = (kind: string, value = "") => ({
  query:
    "mutation ($kind: String!, $value: String) { probeFailure(input: {kind: $kind, value: $value}) { result } }",
  variables: { kind, value },
});

describe("FND-30: a start that cannot work ends with one line that says what to set", () => {
  it.each([
    ["PORT", { PORT: "http" }, "PORT must be a port number between 1 and 65535."],
    [
      "AUTHENTICATOR_DATABASE_URL",
      { AUTHENTICATOR_DATABASE_URL: "" },
      "AUTHENTICATOR_DATABASE_URL must be a postgres:// URL of the app_authenticator role.",
    ],
    [
      "CLERK_JWT_KEY that is no key",
      { CLERK_JWT_KEY: "secret-canary" },
      "CLERK_JWT_KEY must be the PEM public key",
    ],
    [
      "a database that does not answer",
      { AUTHENTICATOR_DATABASE_URL: "postgres://app_authenticator:secret-canary@127.0.0.1:1/none" },
      "AUTHENTICATOR_DATABASE_URL must lead to a migrated database that answers (ECONNREFUSED).",
    ],
  ])("%s", async (_name, env, line) => {
    const { exit, output } = start({ PORT: "4999", ...env });
    expect(await exit).toBe(1);
    expect(output().trim().split("\n")).toHaveLength(1);
    expect(output()).toContain(line);
    expect(output()).not.toContain("secret-canary");
  });

  it.each([
    ["APP_MODE that is none", { APP_MODE: "prod" }, "APP_MODE must be embedded or production."],
    ["APP_MODE forgotten", { NODE_ENV: "production" }, "APP_MODE must be embedded or production."],
    ["everything forgotten", { APP_MODE: "production" }, "CLERK_JWT_KEY must be the PEM public key"],
  ])("in production, one list of all that is missing (FND-36): %s", async (_name, env, line) => {
    const { exit, output } = start({ PORT: "4999", ...env });
    expect(await exit).toBe(1);
    expect(output()).toContain(line);
    for (const name of ["CLERK_ISSUER", "S3_BUCKET", "TRUSTED_DOCUMENTS", "PUBLIC_URL"])
      expect(output()).toContain(`\n  ${name} must be `);
    expect(output()).not.toContain("    at ");
  });

  it("PORT, when somebody else listens there", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const { exit, output } = start({ PORT: String(port) });
    expect(await exit).toBe(1);
    expect(output().trim()).toBe(`PORT must be a free port: ${port} is taken or not allowed.`);
    taken.close();
  });
});

describe("FND-28: the process", () => {
  it("answers every request in flight before it ends on SIGTERM", async () => {
    const api = start({ PORT: await freePort(), DATABASE_POOL_SIZE: "10" });
    await until(() => isUp(api.url));
    let answered = 0;
    const flights = Array.from({ length: 10 }, async () => {
      const response = await ask(api.url, failure("short"));
      answered += 1;
      return response.json();
    });
    const admin = new pg.Client(database.urls.admin);
    await admin.connect();
    await until(async () => {
      const { rowCount } = await admin.query(
        "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
      );
      return Number(rowCount) > 0 && Number(rowCount) + answered === 10;
    });
    await admin.end();
    api.child.kill("SIGTERM");
    await until(async () => !(await isUp(api.url)));
    for (const answer of await Promise.all(flights))
      expect(answer).toEqual({ data: { probeFailure: { result: "done" } } });
    expect(await api.exit).toBe(0);
  });

  it("ends when the process that started it is gone", async () => {
    const api = start({ PORT: await freePort() }, { ipc: true });
    await until(() => isUp(api.url));
    api.child.disconnect();
    expect(await api.exit).toBe(0);
  });

  it("writes no token, no address and no text of a caller into its log, whatever goes wrong", async () => {
    const api = start({ PORT: await freePort() });
    await until(() => isUp(api.url));
    const issuer = openDevIssuer({
      mode: "embedded",
      dataDir,
      identity: { source: "dev_issuer", issuer: DEV_ISSUER, authorizedParties: [PARTY] },
    });
    const canary = "canary.person@example.org";
    const token = issuer.mint({ subject: "user_canary", email: canary, name: "Canary Person", locale: "en" });
    const expired = issuer.mint(
      { subject: "user_canary", email: canary, name: "Canary Person", locale: "en" },
      { minutes: -1 },
    );

    await ask(api.url, { query: "{ probeSession }" }, token);
    await ask(api.url, { query: "{ probeSession }" }, expired);
    for (const kind of ["raise", "check", "unique", "uuid", "date", "division", "denied", "refusal"]) {
      await ask(api.url, failure(kind, canary), token);
    }
    await ask(api.url, { query: `{ ${"canaryField"} }`, variables: { canary } }, token);
    await fetch(`${api.url}/v1/public/availability?calendar=${canary}`, {
      headers: { "x-request-id": canary },
    });
    await fetch(`${api.url}/${canary}`);
    await fetch(`${api.url}/v1/public/bookings`, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": canary, "x-visitor-id": "visitor_canary" },
      body: JSON.stringify({
        holdToken: "0".repeat(32),
        givenName: "Canary",
        familyName: "Person",
        email: canary,
        phone: "0722000000",
      }),
    });
    api.child.kill("SIGTERM");
    await api.exit;

    const log = api.output();
    expect(log).toContain('"msg":"unexpected error"');
    expect(log).toContain('"sqlstate":"P0001"');
    expect(log.match(/"msg":"request"/g)?.length).toBeGreaterThan(12);
    expect(log.toLowerCase()).not.toContain("canary");
    for (const part of [...token.split("."), ...expired.split(".")].slice(1)) expect(log).not.toContain(part);
    for (const line of log
      .trim()
      .split("\n")
      .filter((text) => text.startsWith("{")))
      expect(() => JSON.parse(line)).not.toThrow();
  });
});
