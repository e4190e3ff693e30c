import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pusherFrom } from "../../push/index.ts";
import { type Pusher, PushGone, PushRefused, type PushSubscription } from "../../push/port.ts";
import { newBrowserKeys } from "../browser.ts";
import { type EmbeddedMailbox, startMailbox } from "../index.ts";
import type { Kept } from "../kept_records.ts";
import type { CapturedPush } from "../pushes.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mailbox-"));
let mailbox: EmbeddedMailbox;
let pusher: Pusher;
beforeAll(async () => {
  mailbox = await startMailbox({ pagePort: 0, folder });
  pusher = pusherFrom({ DATA_DIR: folder }) as Pusher;
});
afterAll(async () => {
  await mailbox.stop();
  rmSync(folder, { recursive: true });
});

const open = (at: string, init?: RequestInit) => fetch(`http://localhost:${mailbox.pagePort}${at}`, init);
const pushes = async () =>
  ((await (await open("/api/pushes")).json()) as { pushes: Kept<CapturedPush>[] }).pushes;

async function subscribe(): Promise<PushSubscription> {
  const response = await open("/api/push/subscriptions", {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  expect(response.status).toBe(201);
  const { endpoint, keys } = (await response.json()) as {
    endpoint: string;
    keys: { p256dh: string; auth: string };
  };
  return { endpoint, ...keys };
}

const notice = { title: "Programare confirmată", body: "Marți, ora 10:00 <script>", url: "/appointments" };
const options = { key: "k", ttlSeconds: 600 };

describe("the embedded mailbox shows the notices people would get (FND-15)", () => {
  test("it subscribes like a browser and shows what was encrypted for it", async () => {
    const browser = await subscribe();
    const { vendorId } = await pusher.send(browser, notice, options);
    const [newest] = await pushes();
    expect(newest).toMatchObject({ id: vendorId, notice, ttlSeconds: 600, urgency: "high" });
    expect(await (await open("/")).text()).toContain("Programare confirmată");
    const page = await open(`/pushes/${vendorId}`);
    expect(await page.text()).toContain("Marți, ora 10:00 &lt;script&gt;");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect((await open(`/others/${vendorId}`)).status).toBe(404);
  });

  test("a browser that it does not know is gone", async () => {
    const browser = await subscribe();
    const unknown = { ...browser, endpoint: browser.endpoint.replace(/[^/]+$/, "nobody") };
    await expect(pusher.send(unknown, notice, options)).rejects.toBeInstanceOf(PushGone);
  });

  test("what was encrypted for another browser is shown by its size alone", async () => {
    const browser = await subscribe();
    const { p256dh } = newBrowserKeys();
    const { vendorId } = await pusher.send({ ...browser, p256dh }, notice, options);
    expect(await pushes()).toContainEqual(expect.objectContaining({ id: vendorId, notice: null }));
    expect(await (await open(`/pushes/${vendorId}`)).text()).toContain("could not be opened");
  });

  test("a notice that is too long for any push service is refused here, too", async () => {
    const long = { ...notice, body: "x".repeat(5_000) };
    await expect(pusher.send(await subscribe(), long, options)).rejects.toEqual(new PushRefused("push 413"));
  });

  test("a page elsewhere subscribes nobody", async () => {
    expect((await open("/api/push/subscriptions", { method: "POST" })).status).toBe(415);
  });
});
