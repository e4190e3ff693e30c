import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
import { type EmbeddedMailbox, startMailbox } from "../../mailbox/index.ts";
import { tryMessageAccount } from "../../try_account.ts";
import { type DailyAccount, dailyRooms } from "../daily.ts";
import { VideoDelayed, VideoRefused, videoVendorsFrom } from "../index.ts";
import { type DailyVendor, startDaily, type Weather } from "./daily_double.ts";

const key = "daily-key-of-the-mailbox-0123456789";
let daily: DailyVendor;
let mailbox: EmbeddedMailbox;
const folder = mkdtempSync(path.join(tmpdir(), "mailbox-video-"));
const accounts: Record<string, DailyAccount> = {};
beforeAll(async () => {
  [daily, mailbox] = await Promise.all([startDaily(), startMailbox({ pagePort: 0, folder, videoKey: key })]);
  accounts.double = daily.account;
  accounts.mailbox = { apiKey: key, apiUrl: `http://127.0.0.1:${mailbox.pagePort}` };
});
beforeEach(() => daily.behave("well"));
afterAll(async () => {
  await Promise.all([daily.stop(), mailbox.stop()]);
  rmSync(folder, { recursive: true });
});

let names = 0;
const newRoom = (minutes = 60) => ({
  name: `rx-${String(++names).padStart(32, "0")}`,
  opensAt: new Date(Date.now() - 60_000),
  expiresAt: new Date(Date.now() + minutes * 60_000),
});
const seat = (roomName: string) => ({
  roomName,
  displayName: "Pacient",
  isOwner: false,
  locale: "ro" as const,
  expiresAt: new Date(Date.now() + 600_000),
});
const all = async <T>(items: AsyncIterable<T>) => {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
};

describe.each(["double", "mailbox"])("APT-07: rooms at Daily, against the %s", (where) => {
  const rooms = () => dailyRooms(accounts[where] as DailyAccount);

  test("a room is made once, however often it is asked for", async () => {
    const room = newRoom();
    const { url } = await rooms().open(room);
    expect(new URL(url).pathname).toBe(`/video/${room.name}`);
    expect(await rooms().open(room)).toEqual({ url });
    const listed = (await all(rooms().list())).filter(({ name }) => name === room.name);
    expect(listed).toEqual([
      { name: room.name, expiresAt: new Date(Math.floor(room.expiresAt.getTime() / 1000) * 1000) },
    ]);
  });

  test("it goes, and one that is gone is well", async () => {
    const room = newRoom();
    await rooms().open(room);
    await rooms().close(room.name);
    await rooms().close(room.name);
    expect((await all(rooms().list())).map(({ name }) => name)).not.toContain(room.name);
  });

  test("every page of the list is read", async () => {
    const made = Array.from({ length: 5 }, () => newRoom());
    for (const room of made) await rooms().open(room);
    const inTwos = dailyRooms(accounts[where] as DailyAccount, 10_000, 2);
    const listed = new Set((await all(inTwos.list())).map(({ name }) => name));
    expect(made.filter(({ name }) => !listed.has(name))).toEqual([]);
    for (const { name } of made) await rooms().close(name);
  });

  test("a token opens its own room to one person", async () => {
    const room = newRoom();
    const { url } = await rooms().open(room);
    const { token } = await rooms().admit(seat(room.name));
    const seen = async (given: string) => (await fetch(`${url}?t=${given}`)).text();
    expect(await seen(token)).toContain("Pacient may enter.");
    expect(await seen(`${token.slice(0, -2)}xx`)).toContain("Nobody enters without a token");
    const other = await rooms().admit(seat(newRoom().name));
    expect(await seen(other.token)).toContain("Nobody enters without a token");
    const owner = await rooms().admit({ ...seat(room.name), displayName: "Dr. <Ana>", isOwner: true });
    expect(await seen(owner.token)).toContain("Dr. &lt;Ana&gt; may enter, and leads the call.");
    const late = await rooms().admit({ ...seat(room.name), expiresAt: new Date(Date.now() - 1000) });
    expect(await seen(late.token)).toContain("Nobody enters without a token");
  });

  test("it is recorded from start to stop, and asked twice is well", async () => {
    const room = newRoom();
    const { url } = await rooms().open(room);
    const page = async () => (await fetch(url)).text();
    expect(await page()).toContain("The call is not recorded.");
    await rooms().startRecording(room.name);
    await rooms().startRecording(room.name);
    expect(await page()).toContain("The call is recorded.");
    await rooms().stopRecording(room.name);
    await rooms().stopRecording(room.name);
    expect(await page()).toContain("The call is not recorded.");
    await rooms().close(room.name);
    await rooms().stopRecording(room.name);
  });

  test("what it cannot do is refused, and a wrong key is a wrong key", async () => {
    await expect(rooms().open(newRoom(-5))).rejects.toBeInstanceOf(VideoRefused);
    await expect(rooms().startRecording(newRoom().name)).rejects.toBeInstanceOf(VideoRefused);
    const wrong = dailyRooms({ ...(accounts[where] as DailyAccount), apiKey: "wrong" });
    await expect(wrong.open(newRoom())).rejects.toBeInstanceOf(CredentialsRefused);
    await expect(wrong.close(newRoom().name)).rejects.toBeInstanceOf(CredentialsRefused);
  });
});

describe("APT-07: Daily in bad weather", () => {
  test("a room is private, and nobody inside can record it", async () => {
    const room = newRoom();
    await dailyRooms(daily.account).open(room);
    const made = (await daily.rooms()).find(({ name }) => name === room.name);
    expect(made).toMatchObject({ privacy: "private", config: { eject_at_room_exp: true } });
    expect(made?.config).not.toHaveProperty("enable_recording");
  });

  test.each<[Weather, number | null]>([
    ["hangs up", null],
    ["is broken", null],
    ["answers something else", null],
    [{ status: 429, retryAfter: 7 }, 7],
    [{ status: 429 }, null],
    [{ status: 302 }, null],
    [{ status: 408 }, null],
  ])("%j: later, and nothing of what was said comes through", async (weather, retryAfter) => {
    daily.behave(weather);
    const error = await dailyRooms(daily.account)
      .open(newRoom())
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(VideoDelayed);
    expect(error.retryAfter).toBe(retryAfter);
    expect(error.message).not.toMatch(/Ana|rx-|daily-key/);
  });

  test.each<Weather>(["hangs up after", "is broken after", "is silent after"])(
    "%s: the next try finds the room that is there",
    async (weather) => {
      const room = newRoom();
      daily.behave(weather);
      await expect(dailyRooms(daily.account, 300).open(room)).rejects.toBeInstanceOf(VideoDelayed);
      daily.behave("well");
      await dailyRooms(daily.account).open(room);
      expect((await daily.rooms()).filter(({ name }) => name === room.name)).toHaveLength(1);
    },
  );

  test("what something between us answers is no answer of Daily's", async () => {
    const room = newRoom();
    const rooms = dailyRooms(daily.account);
    await rooms.open(room);
    daily.behave("answers something else");
    await expect(rooms.close(room.name)).rejects.toBeInstanceOf(VideoDelayed);
    await expect(rooms.admit(seat(room.name))).rejects.toBeInstanceOf(VideoDelayed);
    await expect(rooms.startRecording(room.name)).rejects.toBeInstanceOf(VideoDelayed);
    await expect(rooms.stopRecording(room.name)).rejects.toBeInstanceOf(VideoDelayed);
    await expect(all(rooms.list())).rejects.toBeInstanceOf(VideoDelayed);
    daily.behave("well");
    expect((await daily.rooms()).map(({ name }) => name)).toContain(room.name);
  });

  test("an answer that does not come is waited for in bounds", async () => {
    daily.behave({ status: 200, lateMs: 5_000 });
    const begun = performance.now();
    await expect(dailyRooms(daily.account, 200).close("x")).rejects.toBeInstanceOf(VideoDelayed);
    expect(performance.now() - begun).toBeLessThan(4_000);
  });
});

describe("APT-07, FND-22: in whose account a clinic's calls take place", () => {
  const env = () => ({ DAILY_API_URL: daily.account.apiUrl, DAILY_API_KEY: daily.account.apiKey });
  const own =
    (credentials: Record<string, string> | null, provider = "daily") =>
    async () => ({ provider, settings: {}, credentials, integrationId: credentials && "own" });

  test("the clinic's own, and whether it was taken is noted", async () => {
    const noted: unknown[] = [];
    const vendors = videoVendorsFrom(env(), own({ apiKey: "wrong" }), async (id, use) => {
      await use.catch((error) => noted.push([id, error instanceof CredentialsRefused]));
      return use;
    });
    const rooms = await vendors.for("clinic");
    expect(rooms.integrationId).toBe("own");
    await expect(rooms.open(newRoom())).rejects.toBeInstanceOf(CredentialsRefused);
    expect(noted).toEqual([["own", true]]);
  });

  test("else the platform's; in production it has to be named", async () => {
    const rooms = await videoVendorsFrom(env(), own(null)).for("clinic");
    expect(rooms.integrationId).toBeNull();
    await rooms.open(newRoom());
    await expect(videoVendorsFrom({ APP_MODE: "production" }, own(null)).for("clinic")).rejects.toThrow(
      "no account is set up",
    );
    await expect(videoVendorsFrom(env(), own({ apiKey: "x" }, "pigeon")).for("clinic")).rejects.toThrow(
      "no adapter for pigeon",
    );
    await expect(videoVendorsFrom(env(), own({ token: "x" })).for("clinic")).rejects.toThrow("needs apiKey");
    expect(() => videoVendorsFrom({ DAILY_API_KEY: "short" })).toThrow("DAILY_API_KEY");
    const clear = { APP_MODE: "production", DAILY_API_KEY: key, DAILY_API_URL: "http://daily.test" };
    expect(() => videoVendorsFrom(clear)).toThrow("DAILY_API_URL");
  });

  test("an account is tried without making anything (FND-23)", async () => {
    const before = (await daily.rooms()).length;
    const account = { provider: "daily", settings: {}, credentials: { apiKey: daily.account.apiKey } };
    expect(await tryMessageAccount(env(), account)).toBeNull();
    expect(await tryMessageAccount(env(), { ...account, credentials: { apiKey: "x" } })).toBe(
      "credentials_refused",
    );
    daily.behave("hangs up");
    expect(await tryMessageAccount(env(), account)).toBe("unreachable");
    daily.behave("well");
    expect(await daily.rooms()).toHaveLength(before);
  });
});
