import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import webPush from "web-push";
import { ConfigError } from "../../../runtime/config_error.ts";
import { newBrowserKeys } from "../../mailbox/browser.ts";
import { applicationServerKey, PushDelayed, PushGone, pusherFrom } from "../index.ts";

const dataDir = mkdtempSync(path.join(tmpdir(), "push-"));
afterAll(() => rmSync(dataDir, { recursive: true }));

const pair = webPush.generateVAPIDKeys();
const production = {
  APP_MODE: "production",
  VAPID_PUBLIC_KEY: pair.publicKey,
  VAPID_PRIVATE_KEY: pair.privateKey,
  VAPID_SUBJECT: "mailto:ops@clinic.test",
};

describe("the environment says whether push is offered, and by which keys (FND-15)", () => {
  test("without any setting keys are made once, kept for their owner, and the same for every process", () => {
    const env = { DATA_DIR: dataDir };
    expect(pusherFrom(env)?.publicKey).toMatch(/^B[\w-]{86}$/);
    expect(applicationServerKey(env)).toBe(pusherFrom(env)?.publicKey);
    expect(statSync(path.join(dataDir, "keys", "vapid.json")).mode & 0o777).toBe(0o600);
  });

  test("production without keys offers none", () => {
    expect(pusherFrom({ APP_MODE: "production" })).toBeNull();
    expect(applicationServerKey({ APP_MODE: "production" })).toBeNull();
  });

  test("production calls no endpoint of this machine, a developer's machine does", async () => {
    const keys = newBrowserKeys();
    const failure = (env: NodeJS.ProcessEnv) =>
      pusherFrom(env)
        ?.send(
          { endpoint: "http://127.0.0.1:9/push/1", ...keys },
          { title: "t", body: "b" },
          { key: "k", ttlSeconds: 60 },
        )
        .catch((error: unknown) => error);
    expect(await failure(production)).toBeInstanceOf(PushGone);
    expect(await failure({ ...production, APP_MODE: "development" })).toEqual(
      new PushDelayed("push ECONNREFUSED"),
    );
  });

  test("production with keys and a subject", () => {
    expect(pusherFrom(production)?.publicKey).toBe(pair.publicKey);
  });

  const pairLine =
    "VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY must be a pair, as `npx web-push generate-vapid-keys` prints it.";
  test.each([
    [{ VAPID_PRIVATE_KEY: "" }, pairLine],
    [{ VAPID_PUBLIC_KEY: "" }, pairLine],
    [{ VAPID_PUBLIC_KEY: "short" }, pairLine],
    [{ VAPID_PRIVATE_KEY: "A".repeat(43) }, pairLine], // nought is no key of the curve
    [{ VAPID_PRIVATE_KEY: webPush.generateVAPIDKeys().privateKey }, pairLine],
    [
      { VAPID_SUBJECT: "" },
      "VAPID_SUBJECT must be a mailto: or https: URL by which push services reach the operator.",
    ],
  ])("%j is told in one line", (changes, line) => {
    expect(() => pusherFrom({ ...production, ...changes })).toThrow(new ConfigError(line));
  });
});
