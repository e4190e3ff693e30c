import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { Webhook } from "standardwebhooks";
import { afterAll, describe, expect, test, vi } from "vitest";
import { personas } from "../../../db/seed/personas.ts";
import { openDevIssuer } from "../dev_issuer.ts";
import { devToken } from "../dev_token.ts";
import { fixedKey } from "../keys.ts";
import { createVerifier } from "../verify.ts";
import { ISSUER, PARTY, seconds } from "./tokens.ts";

const place = mkdtempSync(path.join(os.tmpdir(), "restartix-issuer-"));
afterAll(() => rmSync(place, { recursive: true }));
const identity = {
  source: "dev_issuer",
  issuer: ISSUER,
  authorizedParties: [PARTY, "https://b.example"],
} as const;
const open = (dataDir: string) =>
  openDevIssuer({
    mode: "embedded",
    dataDir,
    identity: { ...identity, authorizedParties: [...identity.authorizedParties] },
  });
const ana = { subject: "user_ana", email: "ana@example.org", name: "Ana Pop", locale: "ro" };
const payloadOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

describe("the issuer of this machine (FND-03)", () => {
  test("mints what a provider's token carries, for twelve hours and a verified address", async () => {
    const issuer = open(place);
    const before = seconds();
    const token = issuer.mint(ana);
    const { iat, nbf, exp, sid, ...rest } = payloadOf(token);
    expect(rest).toEqual({
      iss: ISSUER,
      azp: PARTY,
      sub: "user_ana",
      email: "ana@example.org",
      email_verified: true,
      name: "Ana Pop",
      locale: "ro",
    });
    expect(iat).toBeGreaterThanOrEqual(before);
    expect(iat).toBeLessThanOrEqual(seconds());
    expect([nbf, exp]).toEqual([iat - 5, iat + 12 * 3_600]);
    expect(payloadOf(issuer.mint(ana)).sid).not.toBe(sid);
    const verify = createVerifier({
      keys: fixedKey(issuer.publicKeyPem),
      issuer: ISSUER,
      authorizedParties: [PARTY],
    });
    expect(await verify([`Bearer ${token}`])).toMatchObject({ subject: "user_ana", sessionId: sid });
  });

  test("mints what a test says instead", () => {
    const other = { minutes: 2, sessionId: "sess_1", party: "https://c.example" };
    const { iat, exp, sid, azp, email_verified } = payloadOf(
      open(place).mint({ ...ana, emailVerified: false }, other),
    );
    expect([exp - iat, sid, azp, email_verified]).toEqual([120, "sess_1", "https://c.example", false]);
  });

  test("signs events as the provider does", () => {
    const issuer = open(place);
    const { body, headers } = issuer.event("user.deleted", { id: "user_ana" });
    const asStandard = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.replace("svix-", "webhook-"), value]),
    );
    expect(() => new Webhook(issuer.webhookSecret).verify(body, asStandard)).not.toThrow();
    expect(JSON.parse(body)).toMatchObject({
      object: "event",
      type: "user.deleted",
      data: { id: "user_ana" },
    });
    expect(JSON.parse(body).timestamp).toBeCloseTo(Date.now(), -5);
    expect(headers["content-type"]).toBe("application/json");
  });

  test("keeps its keys for its owner, whoever comes first, and leaves no drafts", () => {
    const [one, other] = [open(place), open(place)];
    expect(other.publicKeyPem).toBe(one.publicKeyPem);
    expect(other.webhookSecret).toBe(one.webhookSecret);
    const folder = path.join(place, "identity");
    expect(readdirSync(folder).sort()).toEqual(["dev_issuer.pem", "dev_webhook_secret"]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder))
      expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
  });

  test("makes no new key where one cannot be read", () => {
    const broken = path.join(place, "broken");
    mkdirSync(path.join(broken, "identity", "dev_issuer.pem"), { recursive: true });
    chmodSync(path.join(broken, "identity"), 0o700);
    expect(() => open(broken)).toThrow("EISDIR");
    expect(readdirSync(path.join(broken, "identity"))).toEqual(["dev_issuer.pem"]);
  });

  test("is not there in production", () => {
    expect(() =>
      openDevIssuer({ mode: "production", dataDir: place, identity: { ...identity, authorizedParties: [] } }),
    ).toThrow("APP_MODE must be embedded");
  });
});

describe("npm run token (FND-03)", () => {
  /** The program in this process, with an environment of its own. */
  async function run(args: string[], env: Record<string, string> = {}) {
    const told = { out: "", said: "" };
    const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      told.out += text;
      return true;
    });
    const said = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      told.said += text;
      return true;
    });
    for (const [name, value] of Object.entries({ DATA_DIR: path.join(place, "token"), ...env })) {
      vi.stubEnv(name, value);
    }
    try {
      return { code: await devToken(args), ...told };
    } finally {
      vi.unstubAllEnvs();
      out.mockRestore();
      said.mockRestore();
    }
  }

  test("runs where it is started, not where it is read", () => expect(process.exitCode).toBeUndefined());

  test("speaks for a person of the demo, or for whoever owns an address", async () => {
    const demo = await run(["front-desk"]);
    const guest = await run(["Guest@Example.ORG"]);
    const named = await run(["guest@example.org", "Gina Guest"]);
    expect([demo.code, guest.code, named.code]).toEqual([0, 0, 0]);
    const { subject, email, name } = personas["front-desk"];
    expect(payloadOf(demo.out)).toMatchObject({ sub: subject, email, name });
    expect(payloadOf(guest.out)).toMatchObject({
      sub: "dev_guest@example.org",
      email: "guest@example.org",
      name: "guest@example.org",
      locale: "ro",
    });
    expect(payloadOf(named.out)).toMatchObject({ sub: "dev_guest@example.org", name: "Gina Guest" });
  });

  test("says what it wants, and prints no token", async () => {
    for (const args of [[], ["nobody"], ["toString"]]) {
      expect(await run(args)).toEqual({ code: 1, out: "", said: expect.stringContaining("Say for whom") });
    }
    for (const args of [["--revoke"], ["--revoke", "garbage"], ["--revoke", "a.bnVsbA.c"]]) {
      expect(await run(args)).toEqual({ code: 1, out: "", said: expect.stringContaining("Say which") });
    }
    await expect(run(["patient"], { APP_MODE: "production" })).rejects.toThrow("does not run in production");
  });

  test("ends a session where a server takes the event, and says so where none does", async () => {
    const { out: token } = await run(["patient"]);
    const free = createSocketServer().listen(0, "localhost");
    await new Promise((resolve) => free.once("listening", resolve));
    const nowhere = String((free.address() as AddressInfo).port);
    await new Promise((resolve) => free.close(resolve));
    const silent = await run(["--revoke", token.trim()], { PORT: nowhere });
    expect(silent).toMatchObject({ code: 1, out: "" });
    expect(silent.said).toContain("nobody answers");

    let status = 200;
    const heard: { url: string | undefined; body: string }[] = [];
    const server = createServer(async (request, response) => {
      heard.push({ url: request.url, body: Buffer.concat(await Array.fromAsync(request)).toString() });
      response.writeHead(status).end();
    }).listen(0, "localhost");
    await new Promise((resolve) => server.once("listening", resolve));
    const PORT = String((server.address() as AddressInfo).port);
    expect(await run(["--revoke", token.trim()], { PORT })).toMatchObject({
      code: 0,
      out: "The session is over.\n",
    });
    const { sid, sub } = payloadOf(token);
    expect(heard[0]?.url).toBe("/v1/webhooks/clerk");
    expect(JSON.parse(heard[0]?.body ?? "")).toMatchObject({
      type: "session.revoked",
      data: { id: sid, user_id: sub, object: "session" },
    });
    status = 401;
    const refused = await run(["--revoke", token.trim()], { PORT });
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.said).toContain("(401)");
    await new Promise((resolve) => server.close(resolve));
  });
});
