import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import express from "express";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEV_ISSUER } from "../../../runtime/environment/variables.ts";
import type { IdentityConfig } from "../../identity/settings.ts";
import { writeTokens } from "../../start/tokens.ts";
import { createIde } from "../index.ts";
import { readStory } from "../story.ts";

describe("who gets a token from the IDE (FND-30)", () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), "restartix-ide-"));
  const identity: IdentityConfig = {
    source: "dev_issuer",
    issuer: DEV_ISSUER,
    authorizedParties: ["http://localhost:4000"],
  };
  const servers: Server[] = [];
  let port: number;

  const serve = async (more: Partial<Parameters<typeof createIde>[0]> = {}) => {
    const app = express().use(
      "/ide",
      createIde({ mode: "embedded", dataDir, identity, trustProxy: 0, vendors: {}, ...more }),
    );
    const server = createServer(app).listen(0, "127.0.0.1");
    servers.push(server);
    await new Promise((resolve) => server.once("listening", resolve));
    return (server.address() as AddressInfo).port;
  };
  const ask = (
    place: string,
    { at = port, headers = {} as Record<string, string> } = {},
  ): Promise<{ status?: number | undefined; body: string }> =>
    new Promise((resolve, reject) => {
      const asked = request({ port: at, path: `/ide/${place}`, headers }, async (response) => {
        let body = "";
        for await (const chunk of response) body += chunk;
        resolve({ status: response.statusCode, body });
      });
      asked.once("error", reject).end();
    });

  beforeAll(async () => {
    port = await serve();
  });
  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(dataDir, { recursive: true });
  });

  test("nobody before npm start has written tokens; then its personas and the guests of the story, anew each time", async () => {
    expect((await ask("token/patient")).status).toBe(404);
    expect((await ask("token/maria.ionescu@example.com")).status).toBe(404);
    expect(JSON.parse((await ask("story.json")).body).people).toEqual([]);
    const [written] = writeTokens(dataDir);
    const { status, body } = await ask("token/patient");
    expect(status).toBe(200);
    const claims = (token: string) =>
      JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const fresh = claims(JSON.parse(body).token);
    expect(fresh).toMatchObject({
      sub: "dev_patient",
      email: "ioana.muresan@example.com",
      name: "Ioana Mureșan",
    });
    expect(fresh.sid).not.toBe(claims(written?.token ?? "").sid);
    expect((await ask("token/maria.ionescu@example.com")).status).toBe(200);
    expect(JSON.parse((await ask("story.json")).body).people).toHaveLength(8);
    expect((await ask("story.json")).body).not.toContain("eyJ");
  });

  test.each(["localhost:4000", "127.0.0.1", "[::1]:4000"])("a page opened as %s gets one", async (host) => {
    expect((await ask("token/patient", { headers: { host } })).status).toBe(200);
  });

  test.each<Record<string, string>>([
    { host: "rebound.example" },
    { host: "localhost.example:4000" },
    { host: "localhost", "x-forwarded-for": "203.0.113.7" },
    { host: "localhost", forwarded: "for=203.0.113.7" },
  ])("with %j there is none", async (headers) => {
    expect((await ask("token/patient", { headers })).status).toBe(404);
  });

  test("nobody else, nobody behind a proxy, and nobody where people sign in at Clerk", async () => {
    for (const who of ["nobody", "stranger@example.com", "..%2Fidentity%2Fdev_issuer", "__proto__"]) {
      expect((await ask(`token/${who}`)).status, who).toBe(404);
    }
    expect((await ask("token/patient", { at: await serve({ trustProxy: 1 }) })).status).toBe(404);
    const clerk = await serve({ identity: { ...identity, source: "clerk" } });
    expect((await ask("token/patient", { at: clerk })).status).toBe(404);
    expect(JSON.parse((await ask("story.json", { at: clerk })).body).people).toEqual([]);
  });
});

describe("the story of the README (FND-30)", () => {
  test("names as whom each operation is run, and shows all of its variables", () => {
    const story = readStory();
    expect(story.map(({ name, as }) => [name, as])).toEqual([
      ["FindClinic", undefined],
      ["FreeTimes", undefined],
      ["Hold", undefined],
      ["Book", undefined],
      ["OpenRequests", "front-desk"],
      ["TakeIn", "front-desk"],
      ["Missing", "front-desk"],
      ["Accept", "front-desk"],
      ["Confirm", "front-desk"],
      ["ClaimProfiles", "maria.ionescu@example.com"],
      ["MyAppointments", "maria.ionescu@example.com"],
      ["WhatPatientsHave", "front-desk"],
    ]);
    for (const { name, operation, variables = "{}" } of story) {
      const declared = [...(operation.split("{")[0] ?? "").matchAll(/\$(\w+)/g)].map(
        ([, variable]) => variable,
      );
      expect([name, Object.keys(JSON.parse(variables))]).toEqual([name, declared]);
    }
    expect(story[1]?.words).toBe(
      "2. They list the free times of a calendar, for example Consultație la medic, in the next 14 days.",
    );
  });

  test("is empty where there is none", () => {
    expect(readStory("# Another\n")).toEqual([]);
  });
});
